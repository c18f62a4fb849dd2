using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Guide;

/// <summary>A database with all of the project's own migrations but the last, from which every test has copies.</summary>
public sealed class GuideTemplate : IAsyncLifetime
{
    TestDatabase? _database;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        using var session = new PowerShellSession(Path.GetTempPath());
        session.Run($"Invoke-VsMigration -Count 3 -Path '{BuildFacts.Of("OwnMigrations")}' -ConnectionString '{_database.Url}'").WithoutErrors();
        await _database.ExecuteAsync("""
            INSERT INTO users (username, email, password_hash, role)
                SELECT 'user' || n, 'user' || n || '@example.org', 'x', 'viewer' FROM generate_series(1, 20) AS n;
            """);
    }

    public Task<TestDatabase> CopyAsync() => _database!.CloneAsync(TestContext.Current.CancellationToken);

    /// <summary>Drops it, and what restores of its copies have put aside.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.ExecuteAsync("DROP DATABASE IF EXISTS vividshift_migration_test");
            await _database.DisposeAsync();
        }
    }
}
