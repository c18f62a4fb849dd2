using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>The hooks of an opened project, read once.</summary>
sealed class HookService(OpenDatabase opened) : IHookService
{
    readonly Lazy<IReadOnlyList<Hook>> _hooks = new(() => new HookReader(opened).Read());

    /// <summary>How long hooks for failure may take together once the user has pressed Ctrl+C.</summary>
    public TimeSpan TimeoutAfterStop { get; set; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public IReadOnlyList<HookDescription> Describe() => [.. _hooks.Value.Select(hook => hook.Description)];

    /// <summary>Those of one run; none when it leaves them out.</summary>
    public RunHooks Of(RunRequest request, IMigrationObserver observer, IScriptHost scripts)
    {
        var context = new HookContext
        {
            Event = HookEvent.BeforeRun,
            Environment = opened.Project.Environment,
            Database = request.Agreed.Database,
            Direction = request.Agreed.Request.Direction,
            Versions = [.. request.Agreed.Steps.Take(request.AgreedSteps).Select(step => step.Version)],
        };
        return new(request.Hooks ? _hooks.Value : [], context, observer, scripts, TimeoutAfterStop);
    }
}
