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

    readonly Finding? _untrusted;
    readonly bool _exists;

    SeedHistory(bool exists, Finding? untrusted, IReadOnlyDictionary<string, string> hashes) =>
        (_exists, _untrusted, Hashes) = (exists, untrusted, hashes);

    /// <summary>The hash of each file that was run, by its name; empty when nothing ever was.</summary>
    internal IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="MigrationException">
    /// PermissionDenied: there is no record, and this role may not begin one, or it may not see all of it. HistoryInvalid: it is no table.
    /// </exception>
    internal static async Task<SeedHistory> ReadAsync(Session session, ProjectSettings project, CancellationToken cancellationToken)
    {
        if (await RecordTable.FindAsync(session, Table, project, cancellationToken) is not { } table)
        {
            await RefuseWithoutRightsAsync(session, cancellationToken);
            return new(exists: false, untrusted: null, new Dictionary<string, string>());
        }

        if (table.WhyUnreadable(Columns, session, $"Remove it: {Table} is where this module records seeds.") is { } problem)
        {
            throw Refusal(problem);
        }

        var rows = await session.QueryAsync(
            $"SELECT name, hash FROM {Table}", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancellationToken);
        return new(exists: true, table.WhyUntrusted(session), new Dictionary<string, string>(rows, StringComparer.Ordinal));
    }

    /// <summary>Ends the work, before anything is written, when the table belongs to somebody who is not trusted.</summary>
    /// <exception cref="MigrationException">OwnerUntrusted.</exception>
    internal void ThrowIfUntrusted()
    {
        if (_untrusted is { } problem)
        {
            throw Refusal(problem);
        }
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

    static MigrationException Refusal(Finding problem) => new(problem.RefusedAs!.Value, $"{problem.Message} Nothing was changed. {problem.RecommendedAction}")
    {
        RecommendedAction = problem.RecommendedAction,
        DatabaseState = "Nothing was changed.",
        Target = problem.DatabaseObject,
        Findings = [problem],
    };

    static async Task RefuseWithoutRightsAsync(Session session, CancellationToken cancellationToken)
    {
        var may = await session.ScalarAsync<bool>(
            $"""
            SELECT CASE WHEN to_regnamespace('{Schema}') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                ELSE has_schema_privilege('{Schema}', 'CREATE') END
            """,
            cancellationToken);
        if (may)
        {
            return;
        }

        var target = session.Target;
        var advice = $"Let an owner run: CREATE SCHEMA IF NOT EXISTS {Schema}; GRANT CREATE, USAGE ON SCHEMA {Schema} TO \"{target.UserName}\".";
        throw new MigrationException(
            MigrationErrorCode.PermissionDenied,
            $"Seeds are recorded in {Table} of {target}, which does not exist, and this role may not create it. Nothing was changed. {advice}")
        {
            RecommendedAction = advice,
            DatabaseState = "Nothing was changed.",
            Target = target,
        };
    }
}
