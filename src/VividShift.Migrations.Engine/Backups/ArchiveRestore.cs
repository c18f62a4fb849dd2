using System.Globalization;
using VividShift.Migrations.Backups;
using VividShift.Migrations.Engine.ClientPrograms;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backups;

/// <summary>How an archive is restored.</summary>
internal sealed record ArchiveOptions
{
    /// <summary>How many tables at a time; null: as many as <see cref="DumpCommand.DefaultJobs"/>.</summary>
    public int? Jobs { get; init; }

    /// <summary>Owners, rights, tablespaces, publications and subscriptions as they were; without it everything belongs to who restores.</summary>
    public bool AsItWas { get; init; }

    /// <summary>Only the rows.</summary>
    public bool RowsOnly { get; init; }

    /// <summary>Only these tables, qualified and not quoted; empty: everything.</summary>
    public IReadOnlyList<(string Schema, string Table)> Tables { get; init; } = [];
}

/// <summary>pg_restore of a backup's archive into a database that is there. It stops at the first error.</summary>
internal sealed class ArchiveRestore(ClientTools tools, IMigrationObserver observer)
{
    /// <summary>What leaves out all that belongs to a server and not to a database.</summary>
    public static readonly string[] Neutral = ["--no-owner", "--no-privileges", "--no-tablespaces", "--no-publications", "--no-subscriptions"];

    /// <summary>Restores.</summary>
    /// <exception cref="MigrationException">RestoreFailed, with what pg_restore said; the database is then half-filled.</exception>
    public async Task RunAsync(DatabaseBackup backup, ResolvedDatabase into, ArchiveOptions options, CancellationToken cancellationToken)
    {
        var sizes = backup.Manifest.Fingerprints.ToDictionary(table => $"{table.Schema}.{table.Table}", table => table.Rows, StringComparer.Ordinal);
        var progress = new WorkProgress($"Restoring into {into.Target}", sizes, observer);
        var run = new ClientRun(tools["pg_restore"], into)
        {
            OnLine = progress.Read,
            SessionOptions = RestoreSessions.Options(into, options.Jobs ?? DumpCommand.DefaultJobs),
        };
        var end = await run.RunAsync(Arguments(backup, into, options), cancellationToken);
        if (!end.Succeeded)
        {
            throw Failed(into, end);
        }
    }

    /// <summary>The definitions in an archive as SQL.</summary>
    public async Task<string> DefinitionsAsync(DatabaseBackup backup, ResolvedDatabase database, CancellationToken cancellationToken) =>
        await TextAsync(
            "pg_restore", database, [.. Neutral, "--schema-only", "--file=-", Path.Combine(backup.Folder, BackupFolder.Data)], cancellationToken);

    /// <summary>The definitions in a database as SQL.</summary>
    public async Task<string> DefinitionsAsync(ResolvedDatabase database, CancellationToken cancellationToken) =>
        await TextAsync("pg_dump", database, [.. Neutral, "--schema-only", "--no-password"], cancellationToken);

    /// <summary>Tables, types and functions of another database, without indexes and constraints: a place for rows alone.</summary>
    public async Task CopyDefinitionsAsync(ResolvedDatabase from, ResolvedDatabase into, CancellationToken cancellationToken)
    {
        var definitions = await TextAsync("pg_dump", from, [.. Neutral, "--section=pre-data", "--no-blobs", "--no-password", "--format=plain"], cancellationToken);
        var run = new ClientRun(tools["psql"], into)
        {
            Input = async (stream, token) => await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(definitions), token),
        };
        var end = await run.RunAsync(
            ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--dbname=" + ClientRun.Conninfo(into.Target.Database)], cancellationToken);
        if (!end.Succeeded)
        {
            throw Failed(into, end);
        }
    }

    static IEnumerable<string> Arguments(DatabaseBackup backup, ResolvedDatabase into, ArchiveOptions options)
    {
        var jobs = options.Jobs ?? DumpCommand.DefaultJobs;
        return
        [
            "--no-password", "--verbose", "--exit-on-error", $"--jobs={jobs.ToString(CultureInfo.InvariantCulture)}",
            "--dbname=" + ClientRun.Conninfo(into.Target.Database),
            .. options.AsItWas ? [] : Neutral,
            .. options.RowsOnly ? ["--data-only"] : Array.Empty<string>(),
            .. options.Tables.Select(table => table.Schema).Distinct(StringComparer.Ordinal).Select(schema => "--schema=" + schema),
            .. options.Tables.Select(table => "--table=" + table.Table),
            Path.Combine(backup.Folder, BackupFolder.Data),
        ];
    }

    async Task<string> TextAsync(string program, ResolvedDatabase database, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var text = "";
        var run = new ClientRun(tools[program], database)
        {
            Output = async (stream, token) =>
            {
                using var reader = new StreamReader(stream);
                text = await reader.ReadToEndAsync(token);
            },
        };
        var end = await run.RunAsync(arguments, cancellationToken);
        return end.Succeeded ? text : throw Failed(database, end, program);
    }

    static MigrationException Failed(ResolvedDatabase into, ClientEnd end, string program = "pg_restore") => BackupFailure.Of(
        MigrationErrorCode.RestoreFailed,
        FormattableString.Invariant($"{program} on {into.Target} ended with code {end.ExitCode}. {end.Said}"),
        "No other database was touched.",
        "Mend what it complains about.",
        into.Target);
}
