using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>
/// A folder of migrations, a database of its own and a session in that folder whose cmdlets use both. Before anything is added the folder
/// is empty.
/// </summary>
public sealed class Workbench : IAsyncDisposable
{
    Workbench(TestDatabase database)
    {
        Database = database;
        Session = new PowerShellSession(Folder.Path);
        Session.Run($"$PSDefaultParameterValues = @{{ '*-Vs*:ConnectionString' = '{database.Url}'; '*-Vs*:Path' = '{Folder.Path}' }}")
            .WithoutErrors();
    }

    public MigrationFolder Folder { get; } = new();

    public TestDatabase Database { get; }

    public PowerShellSession Session { get; }

    /// <summary>How PowerShell names the database in questions.</summary>
    public string Target => FormattableString.Invariant($"{Database.Name}@{Database.Host}:{Database.Port}");

    public static async Task<Workbench> CreateAsync() => new(await TestDatabase.CreateAsync(TestContext.Current.CancellationToken));

    /// <summary>The same on a server of one's choice.</summary>
    public static async Task<Workbench> CreateAsync(PostgresServer server) =>
        new(await TestDatabase.CreateAsync(server, TestContext.Current.CancellationToken));

    /// <summary>Three migrations with down scripts, each a table: users, orders, notes.</summary>
    public static async Task<Workbench> WithThreeTablesAsync()
    {
        var fixture = await CreateAsync();
        fixture.AddTable(1, "users");
        fixture.AddTable(2, "orders");
        fixture.AddTable(3, "notes");
        return fixture;
    }

    public void AddTable(int version, string name)
    {
        Folder.Add($"000{version}_{name}.up.sql", $"CREATE TABLE {name} (id bigint PRIMARY KEY);\n");
        Folder.Add($"000{version}_{name}.down.sql", $"DROP TABLE {name};\n");
    }

    public PowerShellRun Run(string script) => Session.Run(script);

    /// <summary>The versions in history; none when there is no table.</summary>
    public async Task<IReadOnlyList<long>> AppliedAsync() => await Database.ScalarAsync<bool>("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        ? [.. (await Database.QueryAsync("SELECT version FROM _sqlx_migrations ORDER BY version")).Select(row => (long)row[0]!)]
        : [];

    /// <summary>How many sqlx locks are held or awaited in this database.</summary>
    public Task<long> LocksAsync() => Database.ScalarAsync<long>(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await Database.DisposeAsync();
        Folder.Dispose();
    }
}
