using Npgsql;
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
        SELECT now(), current_setting('server_version'),
               (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text,
               pg_encoding_to_char(d.encoding)::text, d.datcollate::text, d.datctype::text,
               CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
               coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'), to_jsonb(d) ->> 'daticurules', pg_database_size(d.oid)
        FROM pg_catalog.pg_database d WHERE d.datname = current_database()
        """;

    public static async Task<DatabaseMetadata> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, session.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            new DateTimeOffset(reader.GetDateTime(0)),
            reader.GetString(1),
            await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetString(5),
            reader.GetString(6),
            await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetString(7),
            await reader.IsDBNullAsync(8, cancellationToken) ? null : reader.GetString(8),
            reader.GetInt64(9));
    }
}
