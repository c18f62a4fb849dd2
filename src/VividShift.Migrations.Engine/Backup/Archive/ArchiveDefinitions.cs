using System.Text;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;

namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>The definitions in archives and databases as SQL, without owners, rights and whatever else belongs to a server.</summary>
sealed class ArchiveDefinitions(ClientTools tools)
{
    /// <summary>What leaves out all that belongs to a server and not to a database.</summary>
    public static readonly string[] Neutral = ["--no-owner", "--no-privileges", "--no-tablespaces", "--no-publications", "--no-subscriptions"];

    /// <summary>Those in an archive.</summary>
    /// <exception cref="MigrationException">RestoreFailed, with what pg_restore said.</exception>
    public Task<string> OfArchiveAsync(string archive, ResolvedDatabase database, CancellationToken cancellationToken) =>
        TextAsync("pg_restore", database, [.. Neutral, "--schema-only", "--file=-", archive], cancellationToken);

    /// <summary>Those in a database.</summary>
    /// <exception cref="MigrationException">RestoreFailed, with what pg_dump said.</exception>
    public Task<string> OfDatabaseAsync(ResolvedDatabase database, CancellationToken cancellationToken) =>
        TextAsync("pg_dump", database, [.. Neutral, "--schema-only", "--no-password"], cancellationToken);

    /// <summary>Tables, types and functions of another database, without indexes and constraints: a place for rows alone.</summary>
    /// <param name="from">The other database.</param>
    /// <param name="into">An empty one on the same server.</param>
    /// <param name="serverMajor">The major of that server.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="MigrationException">RestoreFailed.</exception>
    public async Task CopyAsync(ResolvedDatabase from, ResolvedDatabase into, int serverMajor, CancellationToken cancellationToken)
    {
        var definitions = await TextAsync(
            "pg_dump", from, [.. Neutral, "--section=pre-data", "--no-blobs", "--no-password", "--format=plain"], cancellationToken);
        if (TransactionTimeoutWorkaround.IsRefused(tools["pg_dump"].Major, serverMajor))
        {
            definitions = TransactionTimeoutWorkaround.Without(definitions);
        }

        var run = new ClientRun(tools["psql"], into)
        {
            Input = async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(definitions), token),
        };
        var end = await run.RunAsync(
            ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--dbname=" + ClientRun.Conninfo(into.Target.Database)], cancellationToken);
        ThrowUnlessDone(end, "psql", into);
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
        ThrowUnlessDone(await run.RunAsync(arguments, cancellationToken), program, database);
        return text;
    }

    static void ThrowUnlessDone(ClientEnd end, string program, ResolvedDatabase database)
    {
        if (!end.Succeeded)
        {
            throw new MigrationException(
                MigrationErrorCode.RestoreFailed, FormattableString.Invariant($"{program} on {database.Target} ended with code {end.ExitCode}. {end.Said}").TrimEnd())
            {
                DatabaseState = null,
                Target = database.Target,
            };
        }
    }
}
