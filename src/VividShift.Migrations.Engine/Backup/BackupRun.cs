using System.Diagnostics;
using System.Text.RegularExpressions;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.History;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>
/// One backup: a snapshot, pg_dump and the hashes of the tables side by side in it, a manifest, and at the end the name.
/// </summary>
internal sealed class BackupRun(ResolvedDatabase database, BackupRequest request, string workingFolder, IMigrationObserver observer)
{
    readonly Stopwatch _clock = Stopwatch.StartNew();

    string Parent => request.Folder ?? database.Project.BackupFolder;

    BackupContent Content => request.Tables.Count > 0 ? BackupContent.Tables : request.Content;

    /// <summary>Makes it.</summary>
    public async Task<DatabaseBackup> RunAsync(CancellationToken cancellationToken)
    {
        BackupFolder.ThrowUnlessTag(request.Tag);
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var jobs = DumpCommand.Jobs(request);
        var tools = await ClientTools.FindAsync(
            request.ProgramFolder, database.Project, session.ServerVersion.Major, ["pg_dump", "pg_restore"], cancellationToken);
        DumpCommand.ThrowUnlessCompression(request.Compression, tools.Major);
        observer.Report(new VerboseMessage($"pg_dump {tools["pg_dump"].Version} from {tools.Source}."));

        await BackupStaging.RemoveUnfinishedAsync(Parent, observer, cancellationToken);
        var snapshot = await Snapshot.ExportAsync(session, database.LockTimeout, cancellationToken);
        var facts = await DatabaseMetadata.ReadAsync(session, cancellationToken);
        var catalogue = await FingerprintCatalogue.ReadAsync(session, cancellationToken);
        var chosen = request.Tables.Count > 0 ? await DumpedTables.ResolveAsync(session, request.Tables, cancellationToken) : [];
        var tables = TablesWithRows(catalogue, chosen);
        ThrowIfRowsAreHidden(catalogue, tables);
        var sequences = Content is BackupContent.SchemaOnly or BackupContent.Tables ? [] : await SequenceStates.ReadAsync(session, cancellationToken);
        var history = await ReadHistoryAsync(session, cancellationToken);

        using var partial = BackupStaging.Create(Parent);
        WarnIfDiskIsSmall(facts.Size);
        var fingerprints = await DumpAsync(partial, tools, snapshot, tables, chosen, jobs, cancellationToken);
        observer.Report(new ProgressChanged($"Backing up {database.Target}", "Hashing the files", 99));
        var files = await BackupFiles.SealAsync(partial.Folder, cancellationToken);
        var manifest = new BackupManifest
        {
            FormatVersion = BackupManifest.CurrentFormatVersion,
            Database = database.Target,
            Environment = database.Project.Environment,
            Tag = request.Tag,
            TakenAt = facts.Now,
            TakenBy = UserAndHost.Current,
            Duration = _clock.Elapsed,
            ServerVersion = facts.ServerVersion,
            ServerMajor = session.ServerVersion.Major,
            ToolVersion = tools["pg_dump"].Version,
            ModuleVersion = typeof(BackupManifest).Assembly.GetName().Version!.ToString(3),
            Lsn = facts.Lsn,
            Encoding = facts.Encoding,
            Collation = facts.Collation,
            CharacterType = facts.CharacterType,
            LocaleProvider = facts.LocaleProvider,
            ProviderLocale = facts.ProviderLocale,
            IcuRules = facts.IcuRules,
            GitCommit = GitCommit.Of(workingFolder),
            History = history,
            Content = Content,
            Tables = chosen,
            Format = request.Format,
            Compression = request.Compression,
            Jobs = jobs,
            DatabaseSize = facts.Size,
            FingerprintMethod = ColumnHash.Method,
            Fingerprints = fingerprints,
            Sequences = sequences,
            NotHashed = Content == BackupContent.SchemaOnly ? [] : catalogue.NotHashed,
            Files = files,
        };
        await ChecksummedJson.WriteAsync(Path.Combine(partial.Folder, BackupFolder.Manifest), manifest, cancellationToken);
        var folder = partial.Finish(BackupFolder.NameOf(database.Target.Database, facts.Now, request.Tag));
        observer.Report(new VerboseMessage(FormattableString.Invariant(
            $"Backed up {database.Target} to '{folder}': {HumanReadable.Bytes(manifest.Size)}, {fingerprints.Count} table(s), {HumanReadable.Duration(_clock.Elapsed)}.")));
        return new(folder, manifest);
    }

    /// <summary>Dumps and hashes; whichever fails ends the other.</summary>
    async Task<IReadOnlyList<TableFingerprint>> DumpAsync(
        BackupStaging partial,
        ClientTools tools,
        string snapshot,
        IReadOnlyList<FingerprintTable> tables,
        IReadOnlyList<string> chosen,
        int jobs,
        CancellationToken cancellationToken)
    {
        var progress = new WorkProgress(
            $"Backing up {database.Target}", tables.ToDictionary(table => $"{table.Schema}.{table.Table}", table => table.Size, StringComparer.Ordinal), observer);
        var run = new ClientRun(tools["pg_dump"], database) { OnLine = progress.Read, OnStarted = partial.Note };
        var arguments = DumpCommand.Arguments(
            request, Content, chosen, snapshot, Path.Combine(partial.Folder, BackupFolder.Data), database.LockTimeout);
        IReadOnlyList<TableFingerprint> hashes = [];
        await Parallel.ForEachAsync<Func<CancellationToken, Task>>(
            [
                token => DumpAsync(run, arguments, token),
                async token => hashes = await new TableFingerprints(database, observer).ComputeAsync(tables, snapshot, (jobs + 1) / 2, token),
            ],
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            static async (work, token) => await work(token));
        return hashes;
    }

    async Task DumpAsync(ClientRun run, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var end = await run.RunAsync(arguments, cancellationToken);
        if (!end.Succeeded)
        {
            throw new MigrationException(
                MigrationErrorCode.BackupFailed,
                FormattableString.Invariant($"pg_dump of {database.Target} to '{Parent}' ended with code {end.ExitCode}. {end.Said}"),
                "Fix what it complains about and run Backup-VsDatabase again.")
            {
                DatabaseState = BackupStaging.NothingLeft,
                Target = database.Target,
            };
        }

        foreach (var complaint in end.Warnings)
        {
            observer.Report(new WarningRaised(complaint));
        }
    }

    List<FingerprintTable> TablesWithRows(FingerprintCatalogue catalogue, IReadOnlyList<string> chosen) => Content switch
    {
        BackupContent.SchemaOnly => [],
        BackupContent.Tables => [.. catalogue.Tables.Where(table => chosen.Contains(table.QualifiedName, StringComparer.Ordinal))],
        _ => [.. catalogue.Tables],
    };

    void ThrowIfRowsAreHidden(FingerprintCatalogue catalogue, IReadOnlyList<FingerprintTable> tables)
    {
        var hidden = catalogue.Protected.Intersect(tables.Select(table => table.QualifiedName), StringComparer.Ordinal).ToList();
        if (hidden.Count > 0)
        {
            throw new MigrationException(
                MigrationErrorCode.BackupFailed,
                $"Row-level security hides rows of {string.Join(", ", hidden.Take(5))}{(hidden.Count > 5 ? ", …" : "")} from '{database.Target.UserName}', "
                + "so a backup would lack them.",
                "Back up as the tables' owner or as a role with BYPASSRLS.")
            {
                DatabaseState = BackupStaging.NothingLeft,
                Target = database.Target,
            };
        }
    }

    async Task<MigrationHistory> ReadHistoryAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var table = await HistoryTable.LocateAsync(session, database.Project.HistoryTable, cancellationToken);
            return await table.ReadAsync(session, cancellationToken);
        }
        catch (MigrationException e) when (e.Code == MigrationErrorCode.HistoryInvalid)
        {
            // It is dumped like any table; only the manifest cannot tell what it says.
            observer.Report(new WarningRaised($"The manifest tells no migrations: {e.What}"));
            return new(database.Project.HistoryTable, Exists: false, []);
        }
    }

    void WarnIfDiskIsSmall(long databaseSize)
    {
        var free = new DriveInfo(Path.GetFullPath(Parent)).AvailableFreeSpace;
        if (Content != BackupContent.SchemaOnly && free < databaseSize)
        {
            observer.Report(new WarningRaised(FormattableString.Invariant(
                $"'{Parent}' has {HumanReadable.Bytes(free)} left, and the database takes {HumanReadable.Bytes(databaseSize)} on the server. Compressed it may fit.")));
        }
    }
}

/// <summary>Turns what pg_dump and pg_restore say with --verbose into progress: which table, how many, how much of the bytes.</summary>
internal sealed partial class WorkProgress(string activity, IReadOnlyDictionary<string, long> sizes, IMigrationObserver observer)
{
    readonly object _gate = new();
    readonly long _total = Math.Max(1, sizes.Values.Sum());
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    long _before;

    /// <summary>Takes a line of standard error.</summary>
    public void Read(string line)
    {
        if (Table().Match(line) is not { Success: true } match)
        {
            return;
        }

        var table = match.Groups["table"].Value;
        lock (_gate)
        {
            if (_seen.Add(table))
            {
                var percent = (int)Math.Min(99, 100 * _before / _total);
                _before += sizes.GetValueOrDefault(table);
                observer.Report(new ProgressChanged(activity, FormattableString.Invariant($"{table} ({_seen.Count} of {sizes.Count})"), percent));
            }
        }
    }

    [GeneratedRegex(
        @"(dumping contents of table|processing data for table) ""(?<table>.+)""$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Table();
}
