using Npgsql;

namespace VividShift.Migrations.Testing;

/// <summary>Drops a database of a test, whoever is connected and whatever stands in the way.</summary>
public static class DatabaseDrop
{
    /// <summary>Drops it; nothing happens when there is none.</summary>
    public static async Task RunAsync(PostgresServer server, string name)
    {
        await using var connection = new NpgsqlConnection(server.Address.ConnectionString);
        await connection.OpenAsync();
        if (server.Major < 13)
        {
            // DROP DATABASE then waits for their end; WITH (FORCE) came with 13.
            await ExecuteAsync(connection, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        }

        await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS \"{name}\"{(server.Major < 13 ? "" : " WITH (FORCE)")}");
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
