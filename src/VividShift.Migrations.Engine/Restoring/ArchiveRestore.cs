using VividShift.Migrations.Engine.Backups;
using VividShift.Migrations.Engine.ClientPrograms;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Restoring;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restoring;

/// <summary>Fills an empty database from an archive, by pg_restore.</summary>
sealed class ArchiveRestore(ClientProgram pgRestore, ResolvedDatabase database, RestoreRequest request, RestoreSource source, IMigrationObserver observer)
{
    // What --verbose says once for each entry that it has at hand.
    static readonly string[] Marks = ["creating ", "processing data for ", "executing "];

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="MigrationException">RestoreFailed.</exception>
    public async Task RunAsync(string activity, CancellationToken cancellationToken)
    {
        var contents = await ArchiveContents.ReadAsync(pgRestore, database, source.Archive, cancellationToken);
        var tables = new TableChoice(request.Tables);
        var entries = tables.IsAll ? contents.Entries : [.. tables.Reduce(contents, source.Backup?.Manifest)];
        var list = tables.IsAll ? null : await WriteListAsync(entries, cancellationToken);
        try
        {
            var done = 0;
            var run = new ClientRun(pgRestore, database)
            {
                SessionOptions = RestoreSessions.Options(database, RestoreTools.Jobs(request)),
                OnLine = line =>
                {
                    var said = line.AsSpan(line.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0);
                    foreach (var mark in Marks)
                    {
                        if (said.StartsWith(mark))
                        {
                            observer.Report(new WorkAdvanced(activity, said.ToString(), Math.Min(99, 100 * done++ / Math.Max(1, entries.Count))));
                            return;
                        }
                    }
                },
            };
            string[] reduced = list is null ? [] : [$"--use-list={list}"];
            var end = await run.RunAsync(
                [
                    "--exit-on-error", "--no-password", "--verbose", FormattableString.Invariant($"--jobs={RestoreTools.Jobs(request)}"),
                    .. RestoreTools.Ownership(request), .. reduced, $"--dbname={ClientRun.Conninfo(database.Target.Database)}", source.Archive,
                ],
                cancellationToken);
            if (!end.Succeeded)
            {
                throw new MigrationException(MigrationErrorCode.RestoreFailed, $"pg_restore gave up. {end.Said}".TrimEnd());
            }
        }
        finally
        {
            if (list is not null)
            {
                File.Delete(list);
            }
        }
    }

    static async Task<string> WriteListAsync(IEnumerable<string> entries, CancellationToken cancellationToken)
    {
        // Made for its owner alone, as temporary files are.
        var path = Path.GetTempFileName();
        await File.WriteAllLinesAsync(path, entries, cancellationToken);
        return path;
    }
}
