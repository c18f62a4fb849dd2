using System.Diagnostics;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>Proves a backup: restores it into a scratch database, compares, drops it, and records what came of it.</summary>
internal sealed class RestoreTest(ResolvedDatabase server, IMigrationObserver observer)
{
    static readonly string[] Needed = ["pg_dump", "pg_restore", "psql"];

    /// <summary>Where the trial's archive came from must not matter to a server that lacks its locale: the private one of a folder.</summary>
    public bool AnySortOrder { get; init; }

    /// <summary>Runs the trial.</summary>
    /// <returns>The backup with its new verification, and what differs.</returns>
    public async Task<(DatabaseBackup Backup, IReadOnlyList<Finding> Findings)> RunAsync(
        DatabaseBackup backup, int? jobs, string? programFolder, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        IReadOnlyList<Finding> findings;
        string version;
        bool texts;
        await using (var scratch = await ScratchDatabase.CreateAsync(server, backup.Manifest, AnySortOrder, observer, cancellationToken))
        {
            version = scratch.ServerVersion;
            var major = ClientProgram.MajorOf(version);
            ThrowIfNewer(backup, major);
            var writer = ClientProgram.MajorOf(backup.Manifest.ToolVersion);
            var tools = await ClientTools.FindAsync(programFolder, server.Project, major, Needed, cancellationToken, writer);
            observer.Report(new VerboseMessage($"Restoring '{backup.Name}' for trial into {scratch.Database.Target} with pg_restore {tools["pg_restore"].Version}."));
            texts = ManifestComparer.ComparesTexts(backup.Manifest, major, tools);
            findings = await TryAsync(backup, scratch.Database, tools, major, jobs ?? DumpCommand.DefaultJobs, cancellationToken);
        }

        var verification = new BackupVerification(
            DateTimeOffset.UtcNow,
            UserAndHost.Current,
            FormattableString.Invariant($"{server.Target.Host}:{server.Target.Port}, PostgreSQL {version}"),
            findings.Count == 0,
            clock.Elapsed,
            findings.Count == 0 ? Compared(backup.Manifest, texts) : findings[0].Message)
        {
            ServerMajor = ClientProgram.MajorOf(version),
        };
        await BackupFolder.RecordAsync(backup.Folder, verification, cancellationToken);
        return (backup with { Verification = verification }, findings);
    }

    async Task<IReadOnlyList<Finding>> TryAsync(
        DatabaseBackup backup, ResolvedDatabase scratch, ClientTools tools, int major, int jobs, CancellationToken cancellationToken)
    {
        var archive = Path.Combine(backup.Folder, BackupFolder.Data);
        await using var early = new IncrementalVerifier(scratch, observer);
        early.Start((jobs + 1) / 2);
        var whole = backup.Manifest.Content is BackupContent.All or BackupContent.SchemaOnly;
        try
        {
            if (!whole)
            {
                await new ArchiveDefinitions(tools).CopyAsync(server, scratch, major, cancellationToken);
            }

            var restore = new ArchiveRestore(tools["pg_restore"], scratch, archive, observer)
            {
                ServerMajor = major,
                Jobs = jobs,
                Options = whole ? ArchiveDefinitions.Neutral : [.. ArchiveDefinitions.Neutral, "--data-only"],
                Manifest = backup.Manifest,
                Filled = early.Add,
            };
            await restore.RunAsync($"Restoring into {scratch.Target}", cancellationToken);
        }
        catch (MigrationException e) when (e.Code == MigrationErrorCode.RestoreFailed)
        {
            return
            [
                e.ToFinding("RestoreFailed", MigrationErrorCode.BackupInvalid) with { Location = new(backup.Folder) },
            ];
        }

        var comparison = new ManifestComparer(backup.Manifest, archive, tools, observer) { ServerMajor = major, Early = early };
        var findings = await comparison.CompareAsync(scratch, jobs, cancellationToken);
        return [.. findings.Select(finding => finding with { Location = new(backup.Folder), RefusedAs = MigrationErrorCode.BackupInvalid })];
    }

    void ThrowIfNewer(DatabaseBackup backup, int serverMajor)
    {
        if (backup.Manifest.ServerMajor > serverMajor)
        {
            throw new MigrationException(
                MigrationErrorCode.VersionUnsupported,
                FormattableString.Invariant($"'{backup.Name}' is of PostgreSQL {backup.Manifest.ServerMajor}, and {server.Target.Host} is {serverMajor}."),
                FormattableString.Invariant($"Try it on a server of PostgreSQL {backup.Manifest.ServerMajor} or newer."))
            {
                DatabaseState = "Nothing was restored.",
                Target = backup,
            };
        }
    }

    static string Compared(BackupManifest manifest, bool texts) => manifest.Content switch
    {
        BackupContent.All => FormattableString.Invariant(
            $"Rows and hashes of {manifest.Fingerprints.Count} table(s), and every definition{(texts ? "" : " by name")}."),
        BackupContent.SchemaOnly => texts ? "Every definition." : "Every definition by name.",
        _ => FormattableString.Invariant($"Rows and hashes of {manifest.Fingerprints.Count} table(s), with definitions from {manifest.Database}."),
    };
}
