namespace VividShift.Migrations.Planning;

/// <summary>The table in which sqlx keeps history, to the letter of its own DDL (sqlx-postgres/src/migrate.rs).</summary>
public static class HistoryDdl
{
    /// <summary>The statement that makes it, without a semicolon.</summary>
    /// <param name="table">Its name, quoted and qualified as needed.</param>
    public static string Create(string table) => $"""
        CREATE TABLE IF NOT EXISTS {table} (
            version BIGINT PRIMARY KEY,
            description TEXT NOT NULL,
            installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
            success BOOLEAN NOT NULL,
            checksum BYTEA NOT NULL,
            execution_time BIGINT NOT NULL
        )
        """;
}
