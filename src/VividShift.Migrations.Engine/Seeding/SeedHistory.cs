using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>
/// The record of what was seeded: a table of our own in a schema of our own. sqlx's table has no room for it and must not be touched.
/// </summary>
sealed class SeedHistory
{
    const string Schema = "vividshift";
    const string Table = $"{Schema}.seed_history";

    static readonly string[] Columns = ["name text", "hash text"];

    readonly bool _exists;

    SeedHistory(bool exists) => _exists = exists;

    /// <summary>The hash of each file that was run, by its name; empty when nothing ever was.</summary>
    internal IReadOnlyDictionary<string, string> Hashes { get; private init; } = new Dictionary<string, string>();

    /// <summary>What speaks against writing to it, or keeps it from being read.</summary>
    internal IReadOnlyList<Finding> Findings { get; private init; } = [];

    /// <summary>Reads it.</summary>
    internal static async Task<SeedHistory> ReadAsync(Session session, ProjectSettings project, CancellationToken cancellationToken)
    {
        if (await RecordTable.FindAsync(session, Table, project, cancellationToken) is not { } table)
        {
            return new(exists: false) { Findings = await CheckRightsAsync(session, cancellationToken) };
        }

        if (table.WhyUnreadable(Columns, session, $"Remove it: {Table} is where this module records seeds.") is { } problem)
        {
            return new(exists: true) { Findings = [problem] };
        }

        var rows = await session.QueryAsync(
            $"SELECT name, hash FROM {Table}", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancellationToken);
        return new(exists: true)
        {
            Hashes = new Dictionary<string, string>(rows, StringComparer.Ordinal),
            Findings = table.WhyUntrusted(session) is { } untrusted ? [untrusted] : [],
        };
    }

    /// <summary>Makes the table where it is missing.</summary>
    internal async Task CreateAsync(SeedSession session, CancellationToken cancellationToken)
    {
        if (_exists)
        {
            return;
        }

        // CREATE SCHEMA IF NOT EXISTS asks for the right to create one although it is there.
        if (!await session.Session.ScalarAsync<bool>($"SELECT to_regnamespace('{Schema}') IS NOT NULL", cancellationToken))
        {
            await session.ExecuteAsync($"CREATE SCHEMA {Schema}", cancellationToken);
        }

        await session.ExecuteAsync(
            $"""
            CREATE TABLE {Table} (
                name pg_catalog.text PRIMARY KEY,
                hash pg_catalog.text NOT NULL,
                target pg_catalog.text,
                inserted bigint,
                updated bigint,
                unchanged bigint,
                seeded_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
                seeded_by pg_catalog.text NOT NULL DEFAULT session_user,
                duration_ms bigint NOT NULL
            )
            """,
            cancellationToken);
    }

    /// <summary>Records a file, within its transaction.</summary>
    /// <exception cref="MigrationException">SeedFailed: the row was swallowed.</exception>
    internal static async Task WriteAsync(
        SeedSession session, SeedStep step, SeedCounts? counts, TimeSpan duration, CancellationToken cancellationToken)
    {
        var written = await session.ExecuteAsync(
            $"""
            INSERT INTO {Table} AS h (name, hash, target, inserted, updated, unchanged, duration_ms)
            VALUES ($1, $2, $3, $4::bigint, $5::bigint, $6::bigint, $7)
            ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, target = excluded.target, inserted = excluded.inserted,
                updated = excluded.updated, unchanged = excluded.unchanged, seeded_at = excluded.seeded_at, seeded_by = excluded.seeded_by,
                duration_ms = excluded.duration_ms
            """,
            cancellationToken,
            step.File.Name,
            step.Hash,
            counts is null ? DBNull.Value : counts.Table,
            counts is null ? DBNull.Value : counts.Inserted,
            counts is null ? DBNull.Value : counts.Updated,
            counts is null ? DBNull.Value : counts.Unchanged,
            (long)duration.TotalMilliseconds);
        if (written != 1)
        {
            throw SeedErrors.Unusable(
                step.File, $"Its row was not written to {Table}: a trigger or a policy of the table swallowed it.", "Remove that from the table.");
        }
    }

    /// <summary>The finding that this role may not make the record that is missing.</summary>
    static async Task<IReadOnlyList<Finding>> CheckRightsAsync(Session session, CancellationToken cancellationToken)
    {
        var may = await session.ScalarAsync<bool>(
            $"""
            SELECT CASE WHEN to_regnamespace('{Schema}') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                ELSE has_schema_privilege('{Schema}', 'CREATE') END
            """,
            cancellationToken);
        return may
            ? []
            :
            [
                Finding.Refusal(
                    MigrationErrorCode.PermissionDenied,
                    $"Seeds are recorded in {Table} of {session.Target}, which does not exist, and this role may not create it.",
                    $"Let an owner run: CREATE SCHEMA IF NOT EXISTS {Schema}; "
                    + $"GRANT CREATE, USAGE ON SCHEMA {Schema} TO \"{session.Target.UserName}\"."),
            ];
    }
}
