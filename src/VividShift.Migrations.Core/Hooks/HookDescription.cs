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

/// <summary>When a hook runs.</summary>
public enum HookEvent
{
    /// <summary>Once, after everything was agreed to and before anything is written: before the backup, before the lock is taken.</summary>
    BeforeRun,

    /// <summary>Before each migration; in a run that is one transaction, before its first one.</summary>
    BeforeMigration,

    /// <summary>After each migration, when it is durable.</summary>
    AfterMigration,

    /// <summary>Once, after a run in which nothing failed.</summary>
    AfterRun,

    /// <summary>Once, after a run that failed or was stopped, also by a hook.</summary>
    OnFailure,
}
