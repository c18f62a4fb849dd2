using System.Globalization;
using System.Text.RegularExpressions;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>Fills an empty database from an archive, by pg_restore, which stops at the first error.</summary>
/// <param name="pgRestore">The program.</param>
/// <param name="database">What is filled.</param>
/// <param name="archive">The folder or file that pg_dump wrote.</param>
/// <param name="observer">Is told how far it is.</param>
sealed partial class ArchiveRestore(ClientProgram pgRestore, ResolvedDatabase database, string archive, IMigrationObserver observer)
{
    // What --verbose says once for each entry that it has at hand.
    static readonly string[] Marks = ["creating ", "processing data for ", "executing "];

    /// <summary>The major of the server.</summary>
    public required int ServerMajor { get; init; }

    /// <summary>How many tables and indexes at a time.</summary>
    public required int Jobs { get; init; }

    /// <summary>What else pg_restore is told: about owners and rights, or that rows alone are wanted.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whose rows are wanted.</summary>
    public ArchiveTables Tables { get; init; } = new([]);

    /// <summary>What is known of the archive's tables; null: nothing.</summary>
    public BackupManifest? Manifest { get; init; }

    /// <summary>
    /// Is called, on some thread, once the rows of a table are committed, while others are still on their way and its indexes are not yet there.
    /// pg_restore says so only when it has several jobs.
    /// </summary>
    public Action<(string Schema, string Table)>? Filled { get; init; }

    /// <summary>Runs it to its end.</summary>
    /// <param name="activity">What the progress is called.</param>
    /// <param name="cancellationToken">Ends it; the database is then half filled.</param>
    /// <exception cref="MigrationException">RestoreFailed, with what pg_restore said; the database is then half filled.</exception>
    public async Task RunAsync(string activity, CancellationToken cancellationToken)
    {
        var contents = await ArchiveContents.ReadAsync(pgRestore, database, archive, cancellationToken);
        var entries = Tables.IsAll ? contents.Entries : [.. Tables.Reduce(contents, Manifest)];
        var list = Tables.IsAll ? null : await WriteListAsync(entries, cancellationToken);
        try
        {
            string[] reduced = list is null ? [] : [$"--use-list={list}"];
            await FillAsync(
                [
                    "--no-password", "--verbose", FormattableString.Invariant($"--jobs={Jobs}"),
                    .. Options, .. reduced, $"--dbname={ClientRun.Conninfo(database.Target.Database)}", archive,
                ],
                Reader(activity, entries.Count, contents.TableData(Manifest)),
                cancellationToken);
        }
        finally
        {
            if (list is not null)
            {
                File.Delete(list);
            }
        }
    }

    async Task FillAsync(IReadOnlyList<string> arguments, Action<string> reader, CancellationToken cancellationToken)
    {
        using var error = TransactionTimeoutWorkaround.IsRefused(pgRestore.Major, ServerMajor) ? new ExitOnErrorWatcher(cancellationToken) : null;
        var run = new ClientRun(pgRestore, database)
        {
            SessionOptions = RestoreSessions.Options(database, Jobs),
            OnLine = line =>
            {
                error?.Read(line);
                reader(line);
            },
        };
        ClientEnd? end = null;
        try
        {
            end = await run.RunAsync(error is null ? ["--exit-on-error", .. arguments] : arguments, error?.Token ?? cancellationToken);
        }
        catch (OperationCanceledException) when (error is { Happened: true } && !cancellationToken.IsCancellationRequested)
        {
            // Told below, as an error that pg_restore itself stopped at.
        }

        if (end is not { Succeeded: true } && error is not { IsHarmless: true })
        {
            var said = error is { Happened: true } ? error.Said : end?.Said;
            throw new MigrationException(MigrationErrorCode.RestoreFailed, $"pg_restore gave up. {said}".TrimEnd()) { DatabaseState = null };
        }
    }

    /// <summary>Takes what pg_restore says, line by line.</summary>
    Action<string> Reader(string activity, int entries, IReadOnlyDictionary<int, (string Schema, string Table)> tables)
    {
        var done = 0;
        return line =>
        {
            if (Filled is not null && FilledPattern().Match(line) is { Success: true } match)
            {
                if (tables.TryGetValue(int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), out var table))
                {
                    Filled(table);
                }

                return;
            }

            var said = line.AsSpan(line.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0);
            foreach (var mark in Marks)
            {
                if (said.StartsWith(mark))
                {
                    observer.Report(new ProgressChanged(activity, said.ToString(), Math.Min(99, 100 * done++ / Math.Max(1, entries))));
                    return;
                }
            }
        };
    }

    static async Task<string> WriteListAsync(IEnumerable<string> entries, CancellationToken cancellationToken)
    {
        // Made for its owner alone, as temporary files are.
        var path = Path.GetTempFileName();
        await File.WriteAllLinesAsync(path, entries, cancellationToken);
        return path;
    }

    // From the leader of several jobs, when a worker has reported that it committed.
    [GeneratedRegex(@"^pg_restore: finished item (?<id>\d+) TABLE DATA ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FilledPattern();
}

/// <summary>
/// How the sessions of pg_restore are set. Nobody relies on the new database before it has its name, and the commit that gives it one makes
/// all earlier ones durable.
/// </summary>
static class RestoreSessions
{
    /// <summary>Settings in the form of PGOPTIONS.</summary>
    /// <param name="server">The server that is restored to.</param>
    /// <param name="jobs">How many jobs restore at a time.</param>
    public static string Options(ResolvedDatabase server, int jobs)
    {
        const string NoWaiting = "-c synchronous_commit=off";
        // Each job's index build would bring two parallel workers of its own; where the jobs keep every core busy these only get in the way.
        return IsHere(server) && jobs * 2 > Environment.ProcessorCount
            ? NoWaiting + " -c max_parallel_maintenance_workers=0"
            : NoWaiting;
    }

    static bool IsHere(ResolvedDatabase server) => server.Target.Host is var host
        && (HostName.IsSocketFolder(host) || host is "localhost" or "::1" || host.StartsWith("127.", StringComparison.Ordinal));
}
