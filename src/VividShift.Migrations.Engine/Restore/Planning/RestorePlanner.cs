using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>Checks all that can be checked before anything is touched, from what is cheap to what reads the whole backup.</summary>
sealed class RestorePlanner(
    ResolvedDatabase target, RestoreRequest request, RestoreSource source, IBackupService backups, IMigrationObserver observer)
{
    const string Unchanged = "Nothing was changed.";

    readonly ArchiveTables _tables = new(request.Tables);
    readonly ReplicatedObjects _replicated = new();

    public async Task<RestorePlan> PlanAsync(CancellationToken cancellationToken)
    {
        // Reading all files takes longest: it goes on beside the checks that come before it.
        await using var reading = new BackgroundTask<IReadOnlyList<Finding>>(ReadFilesAsync, cancellationToken);
        await using var maintenance = await MaintenanceConnection.OpenAsync(target, SessionPurpose.ReadOnly, observer, cancellationToken);
        var old = await DatabaseDefinition.ReadAsync(maintenance, target.Target.Database, cancellationToken);
        var ties = await ServerLevelDependencies.ReadAsync(maintenance, target.Target.Database, cancellationToken);
        RefuseUnfit(old);
        RefuseUndroppable(ties);
        await RestoreRights.RefuseMissingAsync(maintenance, target.Target, old, cancellationToken);
        RefuseNewer(source.Backup?.Manifest.ServerMajor ?? 0, maintenance.ServerVersion.Major);
        var tools = await RestoreTools.FindAsync(target, request, source, maintenance.ServerVersion.Major, cancellationToken);
        var (contents, dumpedMajor) = await CheckSourceAsync(maintenance, tools, reading, cancellationToken);
        await DiskSpaceCheck.RefuseTooSmallAsync(
            maintenance, target.Target, old?.TablespaceFolder ?? string.Empty, SizeWanted(), observer, cancellationToken);
        var sessions = old is null ? [] : await ConnectedSessions.ListAsync(maintenance, target.Target.Database, cancellationToken);
        if (sessions.Count > 0 && (!request.Force || sessions.Any(session => session.ProcessId == 0)))
        {
            throw ConnectedSessions.InUse(sessions, target.Target, Unchanged, request.Force);
        }

        var now = await FreeMomentAsync(maintenance, cancellationToken);
        var putAsideAs = old is null ? null : RestoreNames.Old(target.Target.Database, now);
        var (comparison, reason) = VerificationMode.Of(request, source, maintenance.ServerVersion.Major, old);
        if (reason is not null)
        {
            observer.Report(new VerboseMessage(reason));
        }

        var warnings = new RestoreWarnings(target.Target, request, source, maintenance.ServerVersion.Major);
        return new()
        {
            Request = request,
            Database = target.Target,
            Replaces = old is not null,
            Path = source.Path,
            Kind = source.Kind,
            Comparison = comparison,
            RestoredAs = RestoreNames.New(target.Target.Database, now),
            PutAsideAs = putAsideAs,
            Sessions = sessions,
            UnfinishedCopies = await UnfinishedRestores.FindAsync(maintenance, target.Target.Database, cancellationToken),
            Warnings =
            [
                .. old is null || ties is null ? [] : warnings.OfOld(old, ties, request.DropDatabase ? null : putAsideAs),
                .. warnings.OfSource(contents, _replicated, tools, dumpedMajor),
            ],
        };
    }

    /// <summary>A time of which nothing is named yet: two restores may follow each other within a second.</summary>
    async Task<DateTimeOffset> FreeMomentAsync(Session maintenance, CancellationToken cancellationToken)
    {
        var (name, moment) = (target.Target.Database, DateTimeOffset.UtcNow);
        while (await DatabaseDefinition.ReadAsync(maintenance, RestoreNames.New(name, moment), cancellationToken) is not null
            || await DatabaseDefinition.ReadAsync(maintenance, RestoreNames.Old(name, moment), cancellationToken) is not null)
        {
            moment = moment.AddSeconds(1);
        }

        return moment;
    }

    void RefuseUnfit(DatabaseDefinition? old)
    {
        var content = source.Backup?.Content ?? BackupContent.All;
        if (content == BackupContent.DataOnly)
        {
            throw Refusal(
                MigrationErrorCode.TargetInvalid, $"{source.Path} holds rows and no definitions: there is nothing to put them in.",
                "Restore a whole backup, or load the rows into a database of your choice with pg_restore --data-only.");
        }

        if (old is not null && (content != BackupContent.All || !_tables.IsAll))
        {
            var part = _tables.IsAll ? $"{source.Path} is not a backup of everything" : "Only the tables of -Table would have rows";
            throw Refusal(
                MigrationErrorCode.TargetInvalid, $"{part}, and {target.Target} exists: swapping the two would lose the rest.",
                "Name a database that does not exist with -TargetDatabase, and take from there what is needed.");
        }

        if (request.Verify && (source.Backup is null || !VerificationMode.KnowsHashes(source.Backup.Manifest)))
        {
            var why = source.Backup is { } backup
                ? $"was hashed by the method '{backup.Manifest.FingerprintMethod}', which this version of the module does not know"
                : "has no manifest";
            throw Refusal(MigrationErrorCode.TargetInvalid, $"{source.Path} {why}: its content cannot be verified.", "Restore it without -Verify.");
        }

        if (!_tables.IsAll && source.Kind == RestoreSourceKind.Script)
        {
            throw Refusal(
                MigrationErrorCode.TargetInvalid, $"{source.Path} is a script, of which psql runs all or nothing.", "Restore it without -Table.");
        }
    }

    /// <summary>PostgreSQL drops no database with a subscription, and to take one away here would leave its slot at the publisher without an owner.</summary>
    void RefuseUndroppable(ServerLevelDependencies? ties)
    {
        if (request.DropDatabase && ties is { Subscriptions.Count: > 0 })
        {
            var name = SqlQuote.Identifier(ties.Subscriptions[0]);
            throw Refusal(
                MigrationErrorCode.TargetInvalid,
                $"{target.Target} has the subscription(s) {string.Join(", ", ties.Subscriptions)}, and PostgreSQL drops no database that has one.",
                $"Restore without -DropDatabase, which keeps the old one; or end them first: DROP SUBSCRIPTION {name}, or, when the slot at the publisher is to stay, "
                + $"ALTER SUBSCRIPTION {name} DISABLE; ALTER SUBSCRIPTION {name} SET (slot_name = NONE); DROP SUBSCRIPTION {name}.");
        }
    }

    async Task<(ArchiveContents? Contents, int DumpedMajor)> CheckSourceAsync(
        Session maintenance, ClientTools tools, BackgroundTask<IReadOnlyList<Finding>> reading, CancellationToken cancellationToken)
    {
        RefuseDamaged(await reading.Result);
        var serverMajor = maintenance.ServerVersion.Major;
        if (source.Kind == RestoreSourceKind.Script)
        {
            var script = new PlainScript(source.Path);
            await script.CheckAsync(
                _replicated.Read,
                percent => observer.Report(new ProgressChanged($"Reading {source.Path}", "Looking for damage", percent)), cancellationToken);
            RefuseNewer(script.ServerMajor, serverMajor);
            return (null, script.ServerMajor);
        }

        var elsewhere = target.On(maintenance.Target.Database);
        var contents = await ArchiveContents.ReadAsync(tools["pg_restore"], elsewhere, source.Archive, cancellationToken);
        var dumpedMajor = source.Backup?.Manifest.ServerMajor ?? contents.ServerMajor;
        RefuseNewer(dumpedMajor, serverMajor);
        foreach (var entry in contents.Entries)
        {
            _replicated.Read(entry);
        }

        if (!_tables.IsAll)
        {
            RefuseUnknown([.. contents.TableData(source.Backup?.Manifest).Values]);
        }

        var schema = await ArchiveContents.SchemaAsync(
            tools["pg_restore"], elsewhere, source.Archive, RestoreTools.Ownership(request), cancellationToken);
        await RequiredRoles.RefuseMissingAsync(maintenance, RequiredRoles.In(schema), target.Target, cancellationToken);
        return (contents, dumpedMajor);
    }

    async Task<IReadOnlyList<Finding>> ReadFilesAsync(CancellationToken cancellationToken) => source.Backup is { } backup
        ? await backups.TestAsync(new() { Folder = backup.Folder }, observer, cancellationToken)
        : [];

    void RefuseDamaged(IReadOnlyList<Finding> findings)
    {
        var errors = findings.Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        if (errors.Count > 0)
        {
            const string RecommendedAction = "Restore another backup: Get-VsBackup lists them.";
            throw new MigrationException(
                MigrationErrorCode.BackupInvalid,
                FormattableString.Invariant($"{source.Path} cannot be trusted: {errors[0].Message}{(errors.Count > 1 ? $" ({errors.Count - 1} more)" : string.Empty)} {Unchanged} {RecommendedAction}"))
            {
                RecommendedAction = RecommendedAction,
                DatabaseState = Unchanged,
                Findings = errors,
                Target = source.Backup,
            };
        }
    }

    void RefuseNewer(int dumped, int server)
    {
        if (dumped > server)
        {
            throw Refusal(
                MigrationErrorCode.VersionUnsupported,
                FormattableString.Invariant($"{source.Path} comes from PostgreSQL {dumped}, and the server of {target.Target} is {server}: older servers do not understand dumps of newer ones."),
                FormattableString.Invariant($"Restore on PostgreSQL {dumped} or newer."));
        }
    }

    void RefuseUnknown(IReadOnlyList<(string Schema, string Table)> tables)
    {
        var unknown = _tables.WithoutMatch(tables).ToList();
        if (unknown.Count > 0)
        {
            throw Refusal(
                MigrationErrorCode.TargetInvalid,
                $"{source.Path} holds no rows of {string.Join(", ", unknown)}. It has {string.Join(", ", tables.Take(20).Select(table => $"{table.Schema}.{table.Table}"))}.",
                "Names are as in the database, letter by letter, without quotes; of a partitioned table name the partitions.");
        }
    }

    // Without a manifest the file's own size is the least that the database can take.
    long SizeWanted() => !_tables.IsAll ? 0 : source.Backup?.Manifest.DatabaseSize
        ?? (File.Exists(source.Path) ? new FileInfo(source.Path).Length : new DirectoryInfo(source.Path).EnumerateFiles().Sum(file => file.Length));

    MigrationException Refusal(MigrationErrorCode code, string problem, string advice) =>
        new(code, $"{problem} {Unchanged} {advice}") { RecommendedAction = advice, DatabaseState = Unchanged, Target = target.Target };
}
