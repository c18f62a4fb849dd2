using System.Data;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>What a manifest tells of server and database, read in the snapshot.</summary>
internal sealed record DatabaseMetadata(
    DateTimeOffset Now,
    string ServerVersion,
    string? Lsn,
    string Encoding,
    string Collation,
    string CharacterType,
    string LocaleProvider,
    string? ProviderLocale,
    string? IcuRules,
    long Size)
{
    // By way of JSON, as the columns about the provider came with 15 and were renamed with 17.
    const string Sql =
        """
        SELECT now() AS now, current_setting('server_version') AS version,
               (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS lsn,
               pg_encoding_to_char(d.encoding)::text AS encoding, d.datcollate::text AS collation, d.datctype::text AS ctype,
               CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
               coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale,
               to_jsonb(d) ->> 'daticurules' AS rules, pg_database_size(d.oid) AS size
        FROM pg_catalog.pg_database d WHERE d.datname = current_database()
        """;

    public static async Task<DatabaseMetadata> ReadAsync(Session session, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            Sql,
            row => new DatabaseMetadata(
                row.GetTime("now"),
                row.GetString("version"),
                row.GetStringOrNull("lsn"),
                row.GetString("encoding"),
                row.GetString("collation"),
                row.GetString("ctype"),
                row.GetString("provider"),
                row.GetStringOrNull("locale"),
                row.GetStringOrNull("rules"),
                row.GetInt64("size")),
            cancellationToken))[0];
}
