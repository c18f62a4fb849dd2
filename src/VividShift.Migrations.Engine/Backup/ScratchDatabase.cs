using System.Security.Cryptography;
using System.Text;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>
/// A database that lives for one trial and is dropped however the trial ends. One that a killed process left is known by its comment and by
/// the advisory lock that nobody holds any more, and is dropped by the next trial on that server.
/// </summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    const string Comment = "VividShift.Migrations: scratch database of a trial restore. It may be dropped when the session that made it is gone.";

    // "VsSc": the first half of the lock's key; the other is a hash of the database's name.
    const int LockClass = 0x56735363;
    const int LongestName = 63;

    readonly Session _session;

    ScratchDatabase(Session session, ResolvedDatabase database) => (_session, Database) = (session, database);

    /// <summary>How to reach it.</summary>
    public ResolvedDatabase Database { get; }

    /// <summary>Version of the server that it is on.</summary>
    public string ServerVersion => _session.Connection.PostgreSqlVersion.ToString();

    /// <summary>Makes one on the server of a database.</summary>
    public static async Task<ScratchDatabase> CreateAsync(
        ResolvedDatabase beside, BackupManifest manifest, bool anySortOrder, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var session = await Session.OpenAsync(beside, SessionPurpose.Maintain, observer, cancellationToken);
        var name = NameFor(manifest.Database.Database);
        var scratch = new ScratchDatabase(session, beside.On(name));
        try
        {
            await DropLeftoversAsync(session, observer, cancellationToken);
            // The name is random, so nobody else waits for its lock.
            await session.QueryAsync("SELECT pg_advisory_lock($1, $2)", _ => true, cancellationToken, LockClass, KeyOf(name));
            await NewDatabase.CreateAsync(session, name, manifest, anySortOrder, observer, cancellationToken);
            await session.ExecuteAsync(
                $"COMMENT ON DATABASE {SqlQuote.Identifier(name)} IS {SqlQuote.Literal(Comment)}", cancellationToken);
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    /// <summary>Drops it, cancelled or not.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await NewDatabase.DropAsync(_session, Database.Target.Database, CancellationToken.None);
        }
        finally
        {
            await _session.DisposeAsync();
        }
    }

    static string NameFor(string database)
    {
        var ending = "_verify_" + Convert.ToHexString(RandomNumberGenerator.GetBytes(4)).ToLowerInvariant();
        var stem = database;
        while (Encoding.UTF8.GetByteCount(stem) + ending.Length > LongestName)
        {
            stem = stem[..^1];
        }

        return stem + ending;
    }

    static int KeyOf(string name) => BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name)), 0);

    static async Task DropLeftoversAsync(Session session, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        foreach (var name in await FindAsync(session, cancellationToken))
        {
            const string Held =
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND classid::bigint = $1 AND objid::bigint = $2)";
            if (!await session.ScalarAsync<bool>(Held, cancellationToken, (long)LockClass, (long)(uint)KeyOf(name)))
            {
                await NewDatabase.DropAsync(session, name, cancellationToken);
                observer.Report(new VerboseMessage($"Dropped the database '{name}', which a trial restore that was killed had left."));
            }
        }
    }

    /// <summary>Those that this role may drop.</summary>
    static Task<List<string>> FindAsync(Session session, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT datname::text FROM pg_catalog.pg_database
            WHERE datname LIKE '%\_verify\_%' AND shobj_description(oid, 'pg_database') = $1 AND pg_has_role(datdba, 'USAGE')
            """;
        return session.QueryAsync(Sql, row => row.GetString(0), cancellationToken, Comment);
    }
}
