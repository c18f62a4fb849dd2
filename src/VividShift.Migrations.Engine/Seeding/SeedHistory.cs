using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>
/// The record of what was seeded: a table of our own in a schema of our own. sqlx's table has no room for it and must not be touched.
/// </summary>
static class SeedHistory
{
    const string Schema = "vividshift";
    const string Table = $"{Schema}.seed_history";

    /// <summary>The hash of each file that was run, by its name; empty when nothing ever was.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> ReadAsync(SeedSession session, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(session, cancellationToken))
        {
            return new Dictionary<string, string>();
        }

        var rows = await session.QueryAsync(
            $"SELECT name, hash FROM {Table}", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancellationToken);
        return new Dictionary<string, string>(rows, StringComparer.Ordinal);
    }

    /// <summary>Makes the table where it is missing.</summary>
    internal static async Task CreateAsync(SeedSession session, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(session, cancellationToken))
        {
            return;
        }

        // CREATE SCHEMA IF NOT EXISTS asks for the right to create one although it is there.
        if (!await AnswerAsync(session, $"SELECT to_regnamespace('{Schema}') IS NOT NULL", cancellationToken))
        {
            await session.ExecuteAsync($"CREATE SCHEMA {Schema}", cancellationToken);
        }

        await session.ExecuteAsync(
            $"""
            CREATE TABLE {Table} (
                name text PRIMARY KEY,
                hash text NOT NULL,
                target text,
                inserted bigint,
                updated bigint,
                unchanged bigint,
                seeded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                seeded_by text NOT NULL DEFAULT session_user,
                duration_ms bigint NOT NULL
            )
            """,
            cancellationToken);
    }

    /// <summary>Records a file, within its transaction.</summary>
    internal static Task WriteAsync(SeedSession session, SeedStep step, SeedCounts? counts, TimeSpan duration, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
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

    static Task<bool> ExistsAsync(SeedSession session, CancellationToken cancellationToken) =>
        AnswerAsync(
            session,
            $"SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = '{Schema}' AND tablename = 'seed_history')",
            cancellationToken);

    /// <summary>The finding that the record is missing and this role may not make it; null when it is there, or the role may.</summary>
    internal static async Task<Finding?> CheckRightsAsync(SeedSession session, DatabaseTarget target, CancellationToken cancellationToken)
    {
        var may = await ExistsAsync(session, cancellationToken) || await AnswerAsync(
            session,
            $"""
            SELECT CASE WHEN to_regnamespace('{Schema}') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                ELSE has_schema_privilege('{Schema}', 'CREATE') END
            """,
            cancellationToken);
        return may
            ? null
            : Finding.Refusal(
                MigrationErrorCode.PermissionDenied,
                $"Seeds are recorded in {Table} of {target}, which does not exist, and this role may not create it.",
                $"Let an owner run: CREATE SCHEMA IF NOT EXISTS {Schema}; GRANT CREATE, USAGE ON SCHEMA {Schema} TO \"{target.UserName}\".");
    }

    static async Task<bool> AnswerAsync(SeedSession session, string sql, CancellationToken cancellationToken) =>
        (await session.QueryAsync(sql, row => row.GetBoolean(0), cancellationToken))[0];
}
