using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>The hooks around each migration of one run.</summary>
sealed class MigrationHooks(HookRunner runner, HookContext context)
{
    /// <summary>Runs the hooks before a migration.</summary>
    /// <exception cref="MigrationException">HookFailed; says which migrations of the run are done.</exception>
    public Task BeforeAsync(PlanStep step, IReadOnlyList<MigrationResult> done, CancellationToken cancellationToken) =>
        // What they are told names all that is done, which is not to be put together for nobody: the work would grow with the square of a run.
        runner.Has(HookEvent.BeforeMigration)
            ? runner.BeforeAsync(Of(HookEvent.BeforeMigration, step, done), StateText(step, done), cancellationToken)
            : Task.CompletedTask;

    /// <summary>Runs the hooks after a migration that is durable.</summary>
    public Task AfterAsync(PlanStep step, IReadOnlyList<MigrationResult> done, CancellationToken cancellationToken) =>
        runner.Has(HookEvent.AfterMigration)
            ? runner.AfterAsync(Of(HookEvent.AfterMigration, step, done), cancellationToken)
            : Task.CompletedTask;

    HookContext Of(HookEvent moment, PlanStep step, IReadOnlyList<MigrationResult> done) =>
        context with { Event = moment, Version = step.Version, Description = step.Description, Results = [.. done] };

    static string StateText(PlanStep step, IReadOnlyList<MigrationResult> done) => done.Count == 0
        ? FormattableString.Invariant($"Migration {step.Version} was not begun, and none before it was: nothing was changed.")
        : FormattableString.Invariant(
            $"Migration {step.Version} was not begun; {(step.Direction == MigrationDirection.Up ? "applied" : "reverted")} in this run, and staying so: {string.Join(", ", done.Select(result => result.Version))}.");
}
