using System.Globalization;
using System.Management.Automation;
using VividShift.Migrations.Backup;
using VividShift.Migrations.PowerShell.Completers;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Restores a database from a backup, beside the old one, and swaps the two when the restored one is proved.</summary>
/// <remarks>
/// <para>
/// Everything is checked before anything is touched: that the backup is whole and as its manifest says, that the server and its programs are not
/// older than what wrote it, that the role may create and rename databases, that roles the backup gives rights to exist, that the disk has
/// room (when the server is on this machine), and who is connected. Sessions refuse the restore; with -Force they are ended.
/// </para>
/// <para>
/// Then a new database is made with owner, encoding, locale, settings, limits and grants of the old one, filled by pg_restore (or by psql for a
/// script), and compared with the manifest: rows, sequences, definitions. Only then the names are swapped, in one transaction: whatever happens
/// to this process, there is either the old database or the restored one. The old one is kept as NAME_before_restore_TIME unless -DropDatabase
/// is given; the disk needs room for both until then. A restore that fails, or is stopped by Ctrl+C, removes its unfinished copy; one that is
/// killed leaves it, and the next restore of that database removes it. Roles and tablespaces belong to the server and are in no backup.
/// </para>
/// <para>
/// How much is compared depends on what is proved already. The rows of a backup that was never tried are hashed, table by table. If its newest
/// trial restore (Backup-VsDatabase -Verify, Test-VsBackup -Restore) passed on a server of the target's major, its files, whose checksums are
/// looked at first in any case, are known to give these rows: then they are counted, which saves about a twentieth of the time. -Verify
/// hashes in any case. Comparison in the result tells which it was: Content, Counts, or None for what has no manifest.
/// </para>
/// <para>
/// -Path takes the folder of a backup, an archive of pg_dump (custom or directory format), or a plain script, also compressed by gzip. Archives
/// and scripts have no manifest, so there is nothing to compare with. A script with commands of psql in it, such as the \connect of
/// pg_dump --create, is refused.
/// </para>
/// <para>A backup goes to a server of the same or a newer major, with client programs at least as new as the server and as the pg_dump that wrote
/// it; of several that are installed the best fitting is taken. Across majors definitions are compared by name, as each version writes them in its
/// own way.</para>
/// <para>What does not come back is said before the question, and by -WhatIf: subscriptions come back disabled, and those of the old database stay
/// with it, as do its logical replication slots and its own security labels; publications come back without the slots of their subscribers.
/// PostgreSQL drops no database with a subscription, so -DropDatabase is refused there.</para>
/// <para>
/// -Table restores all definitions and the rows of the named tables only, into a database that does not exist yet: name it with -TargetDatabase
/// and take from it what is needed. Foreign keys are left out there, as what they lead to may be missing. Nothing existing is ever overwritten.
/// </para>
/// <para>
/// The question is asked unless -Confirm:$false is given. In a protected environment its name has to be typed, or given as
/// -ConfirmEnvironment; that of -TargetEnvironment counts. -WhatIf makes all checks and writes nothing.
/// </para>
/// </remarks>
/// <example>
/// <para>See what a restore of the newest backup would do, then do it</para>
/// <code>Restore-VsDatabase -Latest -WhatIf; Restore-VsDatabase -Latest</code>
/// <para>The old database stays under another name, which the result tells.</para>
/// </example>
/// <example>
/// <para>Go back to before a deployment, while the application still holds connections</para>
/// <code>Get-VsBackup -Tag pre-migration -Latest | Restore-VsDatabase -Force -Confirm:$false</code>
/// <para>Its sessions are ended at the swap and not before; nobody new gets in while the names change.</para>
/// </example>
/// <example>
/// <para>Bring production's data to staging</para>
/// <code>Restore-VsDatabase -Environment production -Latest -TargetEnvironment staging -NoPrivileges</code>
/// <para>The backup comes from production's folder, the connection from staging's configuration.</para>
/// </example>
/// <example>
/// <para>Look up rows that somebody deleted</para>
/// <code>Restore-VsDatabase -Latest -Table shop.orders -TargetDatabase shop_rescue</code>
/// <para>Makes a database beside the one in use, with the rows of that table.</para>
/// </example>
/// <example>
/// <para>Restore a script that someone else dumped</para>
/// <code>Restore-VsDatabase -Path ./production_backup.sql.gz -TargetDatabase shop_copy -NoOwner</code>
/// <para>-NoOwner is for archives and backups; a script says itself who owns what.</para>
/// </example>
[Cmdlet(VerbsData.Restore, "VsDatabase", DefaultParameterSetName = ConfiguredSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(RestoreResult))]
public sealed class RestoreVsDatabaseCommand : VsConnectionCmdlet
{
    readonly List<DatabaseBackup> _piped = [];

    /// <summary>The folder of a backup, an archive of pg_dump, or a script (.sql, .sql.gz). What it is shows from its content.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>A backup, as Get-VsBackup emits it. Nothing is done when nothing comes.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public DatabaseBackup? InputObject { get; set; }

    /// <summary>Restore the newest whole backup of the database in the configured folder.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <summary>Restore the newest backup with this tag; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>What the restored database is called. Default: the database of the connection, which it then replaces.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TargetDatabase { get; set; }

    /// <summary>Restore to the server of this environment; its protection counts. The backup still comes from the folder of -Environment.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public string? TargetEnvironment { get; set; }

    /// <summary>
    /// Compare every row by its hash, also when a trial restore has proved the backup. Default: rows are hashed unless the backup's newest trial
    /// restore passed on a server of the target's major; then they are counted.
    /// </summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Drop the old database after the swap instead of keeping it under another name.</summary>
    [Parameter]
    public SwitchParameter DropDatabase { get; set; }

    /// <summary>
    /// Restore the rows of these tables only, into a database that does not exist yet: schema.table, or table in any schema; wildcards
    /// allowed, except between double quotes.
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Table { get; set; }

    /// <summary>How many connections pg_restore uses. Default: one for each processor of this machine, four at most.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int Jobs { get; set; }

    /// <summary>Leave out who owns what: everything belongs to the role that restores. Not for scripts.</summary>
    [Parameter]
    public SwitchParameter NoOwner { get; set; }

    /// <summary>Leave out grants. Not for scripts.</summary>
    [Parameter]
    public SwitchParameter NoPrivileges { get; set; }

    /// <summary>The folder of pg_restore and psql. Default: as configured, then PATH, then where installers put them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PgBinPath { get; set; }

    /// <summary>The name of the protected environment, for scripts in which nobody can type it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public string? ConfirmEnvironment { get; set; }

    /// <summary>End the sessions that are connected to the database that is replaced. It skips no question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        foreach (var connection in new[] { nameof(ConnectionString), nameof(Server), nameof(Sandbox) })
        {
            ThrowIfMutuallyExclusive(nameof(TargetEnvironment), connection);
        }

        ThrowIfMutuallyExclusive(nameof(Path), nameof(Latest));
        ThrowIfMutuallyExclusive(nameof(Path), nameof(Tag));
    }

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        if (InputObject is not null)
        {
            ThrowIfMutuallyExclusive(nameof(InputObject), nameof(Path));
            ThrowIfMutuallyExclusive(nameof(InputObject), nameof(Latest));
            ThrowIfMutuallyExclusive(nameof(InputObject), nameof(Tag));
            _piped.Add(InputObject);
        }
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        if (_piped.Count == 0 && MyInvocation.ExpectingInput)
        {
            WriteVerbose("No backup came down the pipeline: there is nothing to do.");
            return;
        }

        ThrowUnlessOne();
        var request = RestoreRequest();
        var source = TargetEnvironment is null ? null : Open(base.Request());
        var plan = Run((database, observer, stop) => database.Restores.PlanAsync(request, source, observer, stop));
        Tell(plan);
        plan.ThrowIfRefused();
        if (ShouldProcessIn(BuildAgentText.Escape(plan.Database.ToString()), BuildAgentText.Escape(plan.Action)))
        {
            ThrowUnlessNamed(ConfirmEnvironment, $"{plan.Action} ({plan.Database})");
            WriteObject(Run((database, observer, stop) => database.Restores.RunAsync(plan, observer, stop)));
        }
    }

    /// <summary>The database that is restored to.</summary>
    protected override MigrationRequest Request() => new() { Database = DatabaseRequest().In(TargetEnvironment ?? Environment) };

    RestoreRequest RestoreRequest() => new()
    {
        TargetDatabase = TargetDatabase,
        Path = _piped.Count > 0 ? _piped[0].Folder : Path is null ? null : SessionPaths.Literal(SessionState.Path, Path),
        Tag = Tag,
        Tables = Table ?? [],
        Jobs = IsBound(nameof(Jobs)) ? Jobs : null,
        ProgramFolder = PgBinPath is null ? null : SessionPaths.ResolveUnresolvedPath(SessionState.Path, PgBinPath),
        Verify = Verify,
        DropDatabase = DropDatabase,
        Force = Force,
        NoOwner = NoOwner,
        NoPrivileges = NoPrivileges,
    };

    void Tell(RestorePlan plan)
    {
        foreach (var warning in plan.Warnings)
        {
            WriteWarning(BuildAgentText.Escape(warning));
        }

        foreach (var session in plan.Sessions)
        {
            WriteWarning(BuildAgentText.Escape($"Connected to {plan.Database}, to be ended: {session}"));
        }

        foreach (var leftover in plan.UnfinishedCopies)
        {
            WriteVerbose(BuildAgentText.Escape($"A killed restore left {leftover} behind; it is removed first."));
        }
    }

    void ThrowUnlessOne()
    {
        if (_piped.Count > 1)
        {
            throw new MigrationException(
                MigrationErrorCode.TargetInvalid,
                string.Create(
                    CultureInfo.InvariantCulture, $"{_piped.Count} backups came down the pipeline, and a database can be restored from one."),
                "Pipe one: Get-VsBackup -Latest | Restore-VsDatabase.")
            {
                Target = _piped[1],
            };
        }

        if (_piped.Count == 0 && Path is null && Tag is null && !Latest)
        {
            throw new MigrationException(
                MigrationErrorCode.BackupMissing, "No backup was named.", "Give -Path, -Latest or -Tag, or pipe a backup from Get-VsBackup.");
        }
    }
}
