using System.Management.Automation;
using VividShift.Migrations.Backup;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Backs up a database with pg_dump and proves, if asked, that the backup can be restored.</summary>
/// <remarks>
/// <para>
/// Runs PostgreSQL's own pg_dump, several tables at a time, into a folder of its own in the folder of backups. Beside the dump lies a sealed
/// manifest: server, tools, position in the write-ahead log, the migrations applied, the git commit, SHA-256 of every file, and for every
/// table the number of rows and a hash that does not depend on their order, read in the very snapshot that was dumped.
/// </para>
/// <para>
/// The backup appears under its name when it is complete. One that fails, is stopped or is killed is never listed; what a killed one left is
/// removed by the next. Only the owner of the files can read them. The password is in the environment of pg_dump and nowhere else.
/// </para>
/// <para>
/// -Verify restores the backup into a scratch database on the same server, compares rows, hashes, sequences and definitions, drops it, and
/// records the result. It needs a role with CREATEDB and room for a second copy. Without -PassThru an information record is all that is
/// written.
/// </para>
/// <para>
/// Roles, tablespaces and the settings of the database itself are not part of a dump (pg_dumpall --globals-only has them). Materialized
/// views are built anew when restored, rows of foreign tables stay where they are.
/// </para>
/// </remarks>
/// <example>
/// <para>Back up the configured database and prove it</para>
/// <code>Backup-VsDatabase -Verify</code>
/// <para>The folder is backupFolder of the configuration, else backups in the current location.</para>
/// </example>
/// <example>
/// <para>Before a risky change</para>
/// <code>$backup = Backup-VsDatabase -Tag "pre-migration-$(Get-Date -Format yyyyMMdd_HHmmss)" -PassThru</code>
/// <para>The tag is part of the folder's name, and Get-VsBackup -Tag pre-migration* finds it again.</para>
/// </example>
/// <example>
/// <para>Only some tables, in one file</para>
/// <code>Backup-VsDatabase -Table orders, audit.* -Format Custom -Path ./export -PassThru</code>
/// <para>A name without a schema means that table in every schema. With a partitioned table come its partitions.</para>
/// </example>
[Cmdlet(VerbsData.Backup, "VsDatabase", DefaultParameterSetName = ConfiguredSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(DatabaseBackup))]
public sealed class BackupVsDatabaseCommand : VsConnectionCmdlet
{
    /// <summary>The tag of information records that name a finished backup.</summary>
    const string FinishedTag = "VsBackup";

    /// <summary>The folder that gets the backup's own folder; it is made where needed. Default: as configured.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>A word that becomes part of the name: letters, digits, dots, hyphens and underscores.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>Restore the backup into a scratch database and compare it.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>How many tables are dumped at a time. Default: one for each processor, four at most.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int Jobs { get; set; }

    /// <summary>Directory: a file for each table, written in parallel. Custom: one file, written by one job. Default: Directory.</summary>
    [Parameter]
    public BackupFormat Format { get; set; }

    /// <summary>Only definitions, no rows.</summary>
    [Parameter]
    public SwitchParameter SchemaOnly { get; set; }

    /// <summary>Only rows, no definitions.</summary>
    [Parameter]
    public SwitchParameter DataOnly { get; set; }

    /// <summary>Only these tables: schema.table, or table in any schema; wildcards allowed, except between double quotes. The case counts.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Table { get; set; }

    /// <summary>
    /// 0 (none) to 9; from PostgreSQL 16 on also none, gzip, lz4 or zstd, with a level as in zstd:3. Default: 4, which
    /// takes two thirds of the time of pg_dump's own default and hardly more room.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Compress { get; set; }

    /// <summary>
    /// The folder of PostgreSQL's programs. Default: the setting pgBinPath, VIVIDSHIFT_PGBIN, PATH, then where installers put them; the ones
    /// of the server's version are preferred, older ones refused.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PgBinPath { get; set; }

    /// <summary>Emit the backup.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ThrowIfMutuallyExclusive(nameof(SchemaOnly), nameof(DataOnly), nameof(Table));

    /// <inheritdoc/>
    protected override void Execute()
    {
        var request = new BackupRequest
        {
            Folder = Path is null ? null : SessionPaths.ResolveUnresolvedPath(SessionState.Path, Path),
            Tag = Tag,
            Verify = Verify,
            Jobs = IsBound(nameof(Jobs)) ? Jobs : null,
            Format = Format,
            Content = SchemaOnly ? BackupContent.SchemaOnly : DataOnly ? BackupContent.DataOnly : BackupContent.All,
            Tables = Table ?? [],
            Compression = Compress,
            ProgramFolder = PgBinPath is null ? null : SessionPaths.ResolveUnresolvedPath(SessionState.Path, PgBinPath),
        };
        var folder = request.Folder ?? Opened.Project.BackupFolder;
        if (!ShouldProcess(folder, $"Back up {BuildAgentText.Escape(Database ?? "the database")}{(Verify ? " and restore it for trial" : "")}"))
        {
            return;
        }

        var backup = Run((database, observer, stop) => database.Backups.BackUpAsync(request, observer, stop));
        WriteInformation(
            $"Backed up {BuildAgentText.Escape(backup.Database.ToString())} to {backup.Folder}{(backup.Verified ? ", verified" : "")}.",
            [FinishedTag]);
        if (PassThru)
        {
            WriteObject(backup);
        }
    }
}
