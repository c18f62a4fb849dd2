namespace VividShift.Migrations.Testing;

/// <summary>A role with LOGIN and a password that is gone when the test is. Dispose it before its database.</summary>
public sealed class TestRole : IAsyncDisposable
{
    readonly TestDatabase _database;
    readonly ServerAddress _address;

    TestRole(TestDatabase database, ServerAddress address) => (_database, _address) = (database, address);

    /// <summary>Its random name.</summary>
    public string Name => _address.UserName;

    /// <summary>Its password.</summary>
    public string Password => _address.Password;

    /// <summary>Signs in to the database as this role; Npgsql's form, without pooling.</summary>
    public string ConnectionString => _address.ConnectionString;

    /// <summary>The same as <c>postgresql://…</c>.</summary>
    public string Url => _address.Url;

    internal static async Task<TestRole> CreateAsync(TestDatabase database, ServerAddress address, IEnumerable<string> statements)
    {
        var name = "role_" + Guid.NewGuid().ToString("N");
        var password = Guid.NewGuid().ToString("N");
        await database.ExecuteAsync($"CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'");
        var role = new TestRole(database, address with { UserName = name, Password = password });
        foreach (var statement in statements)
        {
            await database.ExecuteAsync(statement.Replace("{role}", $"\"{name}\"", StringComparison.Ordinal));
        }

        return role;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _database.ExecuteAsync($"DROP OWNED BY \"{Name}\" CASCADE; DROP ROLE \"{Name}\"");
}
