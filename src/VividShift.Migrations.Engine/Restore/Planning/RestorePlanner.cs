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

/// <summary>
/// Checks all that can be checked before anything is touched, and says all of it: what refuses, and what deserves attention.
/// </summary>
sealed class RestorePlanner(
    ResolvedDatabase target, RestoreRequest request, RestoreSource source, IBackupService backups, IMigrationObserver observer)
{
    readonly ArchiveTables _tables = new(request.Tables);
    readonly ReplicatedObjects _replicated = new();
    readonly List<Finding> _findings = [];

    public async Task<RestorePlan> PlanAsync(CancellationToken cancellationToken)
    {
        // Reading all files takes longest: it goes on beside the other checks.
        await using var reading = new BackgroundTask<IReadOnlyList<Finding>>(ReadFilesAsync, cancellationToken);
        await using var maintenance = await MaintenanceConnection.OpenAsync(target, SessionPurpose.ReadOnly, observer, cancellationToken);
        var serverMajor = maintenance.ServerVersion.Major;
        var old = await DatabaseDefinition.ReadAsync(maintenance, target.Target.Database, cancellationToken);
        var ties = await ServerLevelDependencies.ReadAsync(maintenance, target.Target.Database, cancellationToken);
        JudgeRequest(old);
        JudgeSubscriptions(ties);
        _findings.AddRange(await RestoreRights.CheckAsync(maintenance, target.Target, old, cancellationToken));
        JudgeMajor(source.Backup?.Manifest.ServerMajor ?? 0, serverMajor);
        var tools = await TryAsync(() => RestoreTools.FindAsync(target, request, source, serverMajor, cancellationToken));
        var damaged = JudgeFiles(await reading.Result);
        var read = tools is null || damaged ? null : await TryAsync(() => ReadSourceAsync(maintenance, tools, cancellationToken));
        Keep(await DiskSpaceCheck.CheckAsync(
            maintenance, target.Target, old?.TablespaceFolder ?? string.Empty, SizeWanted(), observer, cancellationToken));
        var sessions = old is null ? [] : await ConnectedSessions.ListAsync(maintenance, target.Target.Database, cancellationToken);
        JudgeSessions(sessions);
        var now = await FreeMomentAsync(maintenance, cancellationToken);
        var putAsideAs = old is null ? null : RestoreNames.Old(target.Target.Database, now);
        var (comparison, reason) = VerificationMode.Of(request, source, serverMajor, old);
        if (reason is not null)
        {
            observer.Report(new VerboseMessage(reason));
        }

        var warnings = new RestoreWarnings(target.Target, request, source, serverMajor);
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
            Findings =
            [
                .. _findings,
                .. old is null || ties is null ? [] : warnings.OfOld(old, ties, request.DropDatabase ? null : putAsideAs),
                .. read is null ? [] : warnings.OfSource(read.Contents, _replicated, tools!, read.DumpedMajor),
            ],
        };
    }

    /// <summary>A step whose failure refuses the restore and does not keep the other checks from being made.</summary>
    async Task<T?> TryAsync<T>(Func<Task<T>> step)
        where T : class
    {
        try
        {
            return await step();
        }
        catch (MigrationException e)
        {
            Keep(e.ToFinding(e.Code.ToString(), e.Code));
            return null;
        }
    }

    void Keep(Finding? finding)
    {
        if (finding is not null)
        {
            _findings.Add(finding);
        }
    }

    void Refuse(MigrationErrorCode code, string problem, string advice) => Keep(Finding.Refusal(code, problem, advice));

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

    void JudgeRequest(DatabaseDefinition? old)
    {
        var content = source.Backup?.Content ?? BackupContent.All;
        if (content == BackupContent.DataOnly)
        {
            Refuse(
                MigrationErrorCode.TargetInvalid, $"{source.Path} holds rows and no definitions: there is nothing to put them in.",
                "Restore a whole backup, or load the rows into a database of your choice with pg_restore --data-only.");
        }

        if (old is not null && (content != BackupContent.All || !_tables.IsAll))
        {
            var part = _tables.IsAll ? $"{source.Path} is not a backup of everything" : "Only the tables of -Table would have rows";
            Refuse(
                MigrationErrorCode.TargetInvalid, $"{part}, and {target.Target} exists: swapping the two would lose the rest.",
                "Name a database that does not exist with -TargetDatabase, and take from there what is needed.");
        }

        if (request.Verify && (source.Backup is null || !VerificationMode.KnowsHashes(source.Backup.Manifest)))
        {
            var why = source.Backup is { } backup
                ? $"was hashed by the method '{backup.Manifest.FingerprintMethod}', which this version of the module does not know"
                : "has no manifest";
            Refuse(MigrationErrorCode.TargetInvalid, $"{source.Path} {why}: its content cannot be verified.", "Restore it without -Verify.");
        }

        if (!_tables.IsAll && source.Kind == RestoreSourceKind.Script)
        {
            Refuse(
                MigrationErrorCode.TargetInvalid, $"{source.Path} is a script, of which psql runs all or nothing.", "Restore it without -Table.");
        }
    }

    /// <summary>PostgreSQL drops no database with a subscription, and to take one away here would leave its slot at the publisher without an owner.</summary>
    void JudgeSubscriptions(ServerLevelDependencies? ties)
    {
        if (request.DropDatabase && ties is { Subscriptions.Count: > 0 })
        {
            var name = SqlQuote.Identifier(ties.Subscriptions[0]);
            Refuse(
                MigrationErrorCode.TargetInvalid,
                $"{target.Target} has the subscription(s) {string.Join(", ", ties.Subscriptions)}, and PostgreSQL drops no database that has one.",
                $"Restore without -DropDatabase, which keeps the old one; or end them first: DROP SUBSCRIPTION {name}, or, when the slot at the publisher is to stay, "
                + $"ALTER SUBSCRIPTION {name} DISABLE; ALTER SUBSCRIPTION {name} SET (slot_name = NONE); DROP SUBSCRIPTION {name}.");
        }
    }

    /// <summary>Reads what is restored, as far as the checks need it.</summary>
    async Task<SourceContents> ReadSourceAsync(Session maintenance, ClientTools tools, CancellationToken cancellationToken)
    {
        var serverMajor = maintenance.ServerVersion.Major;
        if (source.Kind == RestoreSourceKind.Script)
        {
            var script = new PlainScript(source.Path);
            await script.CheckAsync(
                _replicated.Read,
                percent => observer.Report(new ProgressChanged($"Reading {source.Path}", "Looking for damage", percent)), cancellationToken);
            JudgeMajor(script.ServerMajor, serverMajor);
            return new(null, script.ServerMajor);
        }

        var elsewhere = target.On(maintenance.Target.Database);
        var contents = await ArchiveContents.ReadAsync(tools["pg_restore"], elsewhere, source.Archive, cancellationToken);
        if (source.Backup is null)
        {
            JudgeMajor(contents.ServerMajor, serverMajor);
        }

        foreach (var entry in contents.Entries)
        {
            _replicated.Read(entry);
        }

        if (!_tables.IsAll)
        {
            JudgeTables([.. contents.TableData(source.Backup?.Manifest).Values]);
        }

        var schema = await ArchiveContents.SchemaAsync(
            tools["pg_restore"], elsewhere, source.Archive, RestoreTools.Ownership(request), cancellationToken);
        Keep(await RequiredRoles.CheckAsync(maintenance, RequiredRoles.In(schema), target.Target, cancellationToken));
        return new(contents, source.Backup?.Manifest.ServerMajor ?? contents.ServerMajor);
    }

    async Task<IReadOnlyList<Finding>> ReadFilesAsync(CancellationToken cancellationToken) => source.Backup is { } backup
        ? await backups.TestAsync(new() { Folder = backup.Folder }, observer, cancellationToken)
        : [];

    /// <summary>Refuses files that are not those of the manifest; true when there are such.</summary>
    bool JudgeFiles(IReadOnlyList<Finding> findings)
    {
        var errors = findings.Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        _findings.AddRange(errors.Select(finding => finding with
        {
            Message = $"{source.Path} cannot be trusted: {finding.Message}",
            RecommendedAction = "Restore another backup: Get-VsBackup lists them.",
            RefusedAs = MigrationErrorCode.BackupInvalid,
        }));
        return errors.Count > 0;
    }

    void JudgeSessions(IReadOnlyList<ConnectedSession> sessions)
    {
        if (sessions.Count == 0)
        {
            return;
        }

        // With -Force the question names the sessions that will be ended.
        var finding = ConnectedSessions.InUse(sessions, target.Target, ended: false);
        if (finding.Under(request.Force ? RefusalOverrides.Force : RefusalOverrides.None).Refuses)
        {
            Keep(finding);
        }
    }

    void JudgeMajor(int dumped, int server)
    {
        if (dumped > server)
        {
            Refuse(
                MigrationErrorCode.VersionUnsupported,
                FormattableString.Invariant($"{source.Path} comes from PostgreSQL {dumped}, and the server of {target.Target} is {server}: older servers do not understand dumps of newer ones."),
                FormattableString.Invariant($"Restore on PostgreSQL {dumped} or newer."));
        }
    }

    void JudgeTables(IReadOnlyList<(string Schema, string Table)> tables)
    {
        var unknown = _tables.WithoutMatch(tables).ToList();
        if (unknown.Count > 0)
        {
            Refuse(
                MigrationErrorCode.TargetInvalid,
                $"{source.Path} holds no rows of {string.Join(", ", unknown)}. It has {string.Join(", ", tables.Take(20).Select(table => $"{table.Schema}.{table.Table}"))}.",
                "Names are as in the database, letter by letter, without quotes; of a partitioned table name the partitions.");
        }
    }

    // Without a manifest the file's own size is the least that the database can take.
    long SizeWanted() => !_tables.IsAll ? 0 : source.Backup?.Manifest.DatabaseSize
        ?? (File.Exists(source.Path) ? new FileInfo(source.Path).Length : new DirectoryInfo(source.Path).EnumerateFiles().Sum(file => file.Length));

    sealed record SourceContents(ArchiveContents? Contents, int DumpedMajor);
}
