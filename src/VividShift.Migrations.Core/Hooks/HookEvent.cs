namespace VividShift.Migrations.Hooks;

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
