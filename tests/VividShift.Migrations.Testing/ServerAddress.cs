using Npgsql;

namespace VividShift.Migrations.Testing;

/// <summary>How to reach a server as a superuser.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="UserName">The superuser.</param>
/// <param name="Password">Its password.</param>
/// <param name="Database">A database that exists.</param>
public sealed record ServerAddress(string Host, int Port, string UserName, string Password, string Database)
{
    /// <summary>Of a <c>postgresql://user:password@host:port/database</c> URL.</summary>
    public static ServerAddress Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgresql" or "postgres") || uri.UserInfo.Length == 0)
        {
            throw new FormatException("VIVIDSHIFT_TEST_DATABASE_URL must be postgresql://user:password@host:port/database, with a superuser.");
        }

        var user = uri.UserInfo.Split(':', 2);
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        return new ServerAddress(
            uri.Host,
            uri.Port > 0 ? uri.Port : 5432,
            Uri.UnescapeDataString(user[0]),
            user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "",
            database.Length > 0 ? database : "postgres");
    }

    /// <summary>An Npgsql connection string without pooling, so that nothing keeps a database busy after its test.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Username = UserName,
        Password = Password,
        Database = Database,
        Pooling = false,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>The same as a URL.</summary>
    public string Url => FormattableString.Invariant(
        $"postgresql://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(Password)}@{Host}:{Port}/{Uri.EscapeDataString(Database)}");

    /// <summary>Drops a database of the server, ending whoever is connected to it; one that is not there is fine.</summary>
    public async Task DropDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        var force = connection.PostgreSqlVersion.Major >= 13 ? " WITH (FORCE)" : "";
        if (force.Length == 0)
        {
            // 12 does not end them itself, but DROP DATABASE waits some seconds for sessions that are on their way out.
            await using var ending = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", connection);
            ending.Parameters.Add(new() { Value = name });
            await ending.ExecuteNonQueryAsync();
        }

        await using var dropping = new NpgsqlCommand($"DROP DATABASE IF EXISTS \"{name}\"{force}", connection);
        await dropping.ExecuteNonQueryAsync();
    }

    /// <summary>Says where, never with which password.</summary>
    public override string ToString() => FormattableString.Invariant($"{Database}@{Host}:{Port}");
}
