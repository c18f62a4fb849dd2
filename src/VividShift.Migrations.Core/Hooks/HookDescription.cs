namespace VividShift.Migrations.Hooks;

/// <summary>A hook that is configured, without its secrets.</summary>
/// <param name="Event">When it runs.</param>
/// <param name="Action">What it does: <c>POST https://shop.example/admin/maintenance/enable</c>, <c>hooks/before.sql</c>.</param>
/// <param name="Source">Where it stands: <c>vividshift.json:12</c>.</param>
public sealed record HookDescription(HookEvent Event, string Action, string Source)
{
    /// <summary>As in <c>Run the hook beforeRun: POST https://…</c>.</summary>
    public override string ToString() => $"Run the hook {Name(Event)}: {Action}";

    /// <summary>The event's name as the configuration writes it.</summary>
    public static string Name(HookEvent hookEvent) => char.ToLowerInvariant(hookEvent.ToString()[0]) + hookEvent.ToString()[1..];
}
