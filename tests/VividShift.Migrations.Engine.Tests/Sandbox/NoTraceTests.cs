using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Sandbox;

/// <summary>Looking leaves nothing in the write-ahead log. On a server of its own, since every other test writes on the shared one.</summary>
public sealed class NoTraceTests
{
    const string Position = "SELECT pg_current_wal_insert_lsn()::text";
    const int Attempts = 5;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_plan_and_test_write_no_wal()
    {
        await using var trial = new SandboxTrial();
        await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        using var folder = new MigrationFolder();
        folder.Add("1_a.up.sql", "CREATE TABLE a (i int);");
        folder.Add("1_a.down.sql", "DROP TABLE a;");
        var request = new MigrationRequest
        {
            Database = new()
            {
                WorkingFolder = folder.Path,
                ConnectionString = await trial.Control.ConnectionStringAsync(trial.Project, trial.Observer, Token),
            },
            Paths = [folder.Path],
        };

        // The server's own housekeeping writes now and then; what looking writes would be there every time.
        for (var attempt = 1; ; attempt++)
        {
            var before = await trial.ScalarAsync<string>(Position);
            await LookAsync(request);
            var after = await trial.ScalarAsync<string>(Position);
            if (before == after)
            {
                return;
            }

            Assert.True(attempt < Attempts, $"The log moved from {before} to {after} in each of {Attempts} attempts.");
        }
    }

    static async Task LookAsync(MigrationRequest request)
    {
        await using var database = await new MigrationEngine().OpenAsync(request, Token);
        Assert.Single(await database.Migrations.GetStatusAsync(new RecordingObserver(), Token));
        Assert.Single((await database.Migrations.PlanAsync(new(), new RecordingObserver(), Token)).Steps);
        Assert.Empty(await database.Migrations.TestAsync(rollback: true, new RecordingObserver(), Token));
    }
}
