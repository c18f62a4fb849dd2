using Npgsql;

namespace VividShift.Migrations.Testing;

/// <summary>A database of its own for one test, cloned from a template and dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly ServerAddress _address;

    TestDatabase(PostgresServer server, ServerAddress address) => (Server, _address) = (server, address);

    /// <summary>The server it is on.</summary>
    public PostgresServer Server { get; }

    /// <summary>Its random name.</summary>
    public string Name => _address.Database;

    /// <summary>Host name or address.</summary>
    public string Host => _address.Host;

    /// <summary>TCP port.</summary>
    public int Port => _address.Port;

    /// <summary>A superuser.</summary>
    public string UserName => _address.UserName;

    /// <summary>The superuser's password.</summary>
    public string Password => _address.Password;

    /// <summary>An Npgsql connection string, without pooling.</summary>
    public string ConnectionString => _address.ConnectionString;

    /// <summary>The same as <c>postgresql://…</c>.</summary>
    public string Url => _address.Url;

    /// <summary>A database on this process's server.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="template">The database to copy, which nobody may use meanwhile; null: PostgreSQL's pristine <c>template0</c>.</param>
    public static async Task<TestDatabase> CreateAsync(CancellationToken cancellationToken, string? template = null)
        => await CreateAsync(await PostgresServer.GetAsync(cancellationToken), cancellationToken, template);

    /// <summary>A database on a server of one's choice.</summary>
    public static async Task<TestDatabase> CreateAsync(PostgresServer server, CancellationToken cancellationToken, string? template = null)
    {
        var address = server.Address with { Database = "test_" + Guid.NewGuid().ToString("N") };
        await using var connection = new NpgsqlConnection(server.Address.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var encoding = template is null ? " ENCODING 'UTF8'" : "";
        await using var command = new NpgsqlCommand(
            $"CREATE DATABASE \"{address.Database}\" TEMPLATE \"{template ?? "template0"}\"{encoding}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new TestDatabase(server, address);
    }

    /// <summary>A copy with everything in it. Nobody may be connected to this one meanwhile.</summary>
    public Task<TestDatabase> CloneAsync(CancellationToken cancellationToken = default) => CreateAsync(Server, cancellationToken, Name);

    /// <summary>A connection, open, for tests that need a session of their own.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Runs one or more statements in a new session.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first column of the first row; SQL's null is the default value.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken = default)
        => (await QueryAsync(sql, cancellationToken))[0][0] is { } value ? (T)value : default;

    /// <summary>All rows; SQL's null is null.</summary>
    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(Array.ConvertAll(row, static value => value is DBNull ? null : value));
        }
        return rows;
    }

    /// <summary>The schema as <c>pg_dump --schema-only</c> writes it, equal for equal schemas.</summary>
    public Task<string> SchemaDumpAsync(CancellationToken cancellationToken = default) => Server.DumpSchemaAsync(_address, cancellationToken);

    /// <summary>A role with LOGIN and a password.</summary>
    /// <param name="statements">Grants and the like; <c>{role}</c> stands for the quoted name.</param>
    public Task<TestRole> CreateRoleAsync(params string[] statements) => TestRole.CreateAsync(this, _address, statements);

    /// <summary>Drops it, ending whoever is still connected.</summary>
    public async ValueTask DisposeAsync() => await DatabaseDrop.RunAsync(Server, Name);
}
