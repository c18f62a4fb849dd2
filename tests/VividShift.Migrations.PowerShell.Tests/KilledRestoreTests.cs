using System.Globalization;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.PowerShell.Tests;

/// <summary>A restore whose client vanishes: the old database is there, and the next restore works and tidies up.</summary>
public sealed class KilledRestoreTests
{
    // What psql cannot finish before a test has looked.
    const string Script = "CREATE TABLE fresh (n int);\nSELECT pg_sleep(0.2) FROM generate_series(1, 600);\n";

    [Fact]
    public async Task Killed_while_restoring()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE old AS SELECT 1 AS n", TestContext.Current.CancellationToken);
        var script = fixture.Folder.Add("slow.sql", Script);

        await KillAsync(
            fixture,
            script,
            "SELECT count(*) FROM pg_stat_activity WHERE application_name <> '' AND state = 'active' AND query LIKE 'SELECT pg_sleep(0.2)%'");

        Assert.Equal(1, await fixture.Database.ScalarAsync<int>("SELECT n FROM old"));
        var left = Assert.Single(await fixture.OthersAsync());
        Assert.Contains("_restore_", left, StringComparison.Ordinal);
        await RestoreAgainAsync(fixture);
        Assert.Equal([], await fixture.OthersAsync());
    }

    [Fact]
    public async Task Killed_in_the_swap()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE old AS SELECT 1 AS n", TestContext.Current.CancellationToken);
        var script = fixture.Folder.Add("held.sql", "CREATE TABLE fresh (n int);\nSELECT pg_sleep(0.2) FROM generate_series(1, 10);\n");

        // Whoever comes to the old database while the new one is filled makes the rename wait, up to five seconds.
        await using var visitor = new Visitor(fixture);
        await KillAsync(
            fixture, script,
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'ALTER DATABASE%RENAME TO%before_restore%'",
            visitor.ComeAsync);
        await visitor.DisposeAsync();
        await fixture.UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'ALTER DATABASE%RENAME TO%before_restore%' AND pid <> pg_backend_pid()",
            0);

        // The client is gone and cannot commit: the names are as before, both of them.
        Assert.Equal(1, await fixture.Database.ScalarAsync<int>("SELECT n FROM old"));
        Assert.Contains("_restore_", Assert.Single(await fixture.OthersAsync()), StringComparison.Ordinal);
        await RestoreAgainAsync(fixture);
        Assert.Equal([], await fixture.OthersAsync());
    }

    static async Task KillAsync(Workbench fixture, string script, string until, Func<Task>? meanwhile = null)
    {
        var run = await PwshProgram.RunAsync(
            $"Restore-VsDatabase -Path '{script}' -ConnectionString '{fixture.Database.Url}' -Confirm:$false",
            async program =>
            {
                if (meanwhile is not null)
                {
                    await fixture.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(0.2)%'", 1);
                    await meanwhile();
                }

                await fixture.UntilAsync(until, 1);
                // The client alone: psql is left behind, as by a kill -9 of the shell.
                program.Kill(entireProcessTree: false);
            });
        Assert.NotEqual(0, run.ExitCode);
    }

    static async Task RestoreAgainAsync(Workbench fixture)
    {
        var quick = fixture.Folder.Add("quick.sql", "CREATE TABLE quick (n int);\n");
        var run = fixture.Run(
            $"$PSDefaultParameterValues.Remove('*-Vs*:Path'); Restore-VsDatabase -Path '{quick}' -DropDatabase -Force -Confirm:$false")
            .WithoutErrors();
        Assert.True(Assert.Single(run.OutputOf<RestoreResult>()).Dropped);
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM quick"));
    }

    sealed class Visitor(Workbench fixture) : IAsyncDisposable
    {
        Npgsql.NpgsqlConnection? _connection;

        public async Task ComeAsync() => _connection = await fixture.Database.OpenAsync(TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (_connection is not null)
            {
                await _connection.DisposeAsync();
            }
        }
    }
}

/// <summary>What these tests ask of the server.</summary>
static class RestoreWorkbench
{
    /// <summary>The databases that a restore made of this one.</summary>
    public static async Task<IReadOnlyList<string>> OthersAsync(this Workbench fixture) =>
    [
        .. (await fixture.Database.QueryAsync(
            $"SELECT datname::text FROM pg_database WHERE left(datname, 30) = left('{fixture.Database.Name}', 30) AND datname <> '{fixture.Database.Name}' ORDER BY 1"))
            .Select(row => (string)row[0]!),
    ];

    /// <summary>Waits until a count is reached, asking from another database: a session in this one would be in the way.</summary>
    public static async Task UntilAsync(this Workbench fixture, string count, long expected)
    {
        await using var connection = new Npgsql.NpgsqlConnection(fixture.Database.Server.Address.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        while (true)
        {
            await using var command = new Npgsql.NpgsqlCommand(count, connection);
            if (Convert.ToInt64(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture) == expected)
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Drops them.</summary>
    public static async Task DropOthersAsync(this Workbench fixture)
    {
        foreach (var name in await fixture.OthersAsync())
        {
            await fixture.Database.ExecuteAsync($"DROP DATABASE \"{name}\" WITH (FORCE)");
        }
    }
}
