using System.Globalization;
using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class ActivityTests(HealthServers servers)
{
    static readonly HealthThresholds NoPatience = new()
    {
        IdleInTransaction = TimeSpan.Zero,
        LongStatement = TimeSpan.Zero,
        LongTransaction = TimeSpan.Zero,
        PreparedTransaction = TimeSpan.Zero,
    };

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Sessions_that_hold_on_are_found_and_can_be_ended(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await using var idle = await fixture.OpenAsync();
        await using var busy = await fixture.OpenAsync();
        await RunAsync(idle, "BEGIN");
        await RunAsync(idle, "SELECT 42 AS  answer");
        var sleeping = RunAsync(busy, "SELECT pg_sleep(3600)");
        await UntilAsync(fixture, $"pid = {busy.ProcessID} AND wait_event = 'PgSleep'");

        var found = await fixture.TestAsync(NoPatience, HealthGroup.Activity);
        Assert.Equal(
            new[] { (idle.ProcessID, "IdleInTransaction"), (busy.ProcessID, "LongStatement") }
                .Select(s => (string.Create(CultureInfo.InvariantCulture, $"session {s.ProcessID}"), s.Item2)).Order(),
            found.Select(f => (f.DatabaseObject!, f.Rule)).Order());
        Assert.Contains("SELECT 42 AS answer", found.Single(f => f.Rule == "IdleInTransaction").Evidence!, StringComparison.Ordinal);
        HealthFixture.AssertNone(await fixture.TestAsync(HealthGroup.Activity));

        foreach (var finding in found)
        {
            await fixture.ExecuteAsync(finding.FixSql!);
        }

        Assert.Equal("57014", (await Assert.ThrowsAsync<PostgresException>(() => sleeping)).SqlState);
        await UntilAsync(fixture, $"NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {idle.ProcessID})", "(SELECT 1) AS one");
        HealthFixture.AssertNone((await fixture.TestAsync(NoPatience, HealthGroup.Activity)).Where(f => f.Rule is "IdleInTransaction" or "LongStatement"));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task An_old_transaction_is_found_whatever_it_does_just_now(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await using var busy = await fixture.OpenAsync();
        await RunAsync(busy, "BEGIN");
        var id = busy.ProcessID;
        var sleeping = RunAsync(busy, "SELECT pg_sleep(3600)");
        await UntilAsync(fixture, $"pid = {id} AND wait_event = 'PgSleep'");
        var thresholds = new HealthThresholds { LongTransaction = TimeSpan.Zero };
        var session = string.Create(CultureInfo.InvariantCulture, $"session {id}");
        var found = Assert.Single(await fixture.TestAsync(thresholds, HealthGroup.Activity), f => f.DatabaseObject == session);
        Assert.Equal(("LongTransaction", FindingSeverity.Warning), (found.Rule, found.Severity));
        await fixture.ExecuteAsync(found.FixSql!);
        Assert.Equal("57P01", (await Assert.ThrowsAsync<PostgresException>(() => sleeping)).SqlState);
        await UntilAsync(fixture, $"NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {id})", "(SELECT 1) AS one");
        Assert.DoesNotContain(await fixture.TestAsync(thresholds, HealthGroup.Activity), f => f.DatabaseObject == session);
    }

    [Fact]
    public async Task A_statement_that_mentions_a_password_is_not_shown()
    {
        await using var fixture = await servers.BenchAsync();
        await using var idle = await fixture.OpenAsync();
        await RunAsync(idle, "BEGIN");
        await RunAsync(idle, "SELECT 'password=Kq7xSecret'");
        var found = Assert.Single(await fixture.TestAsync(NoPatience, HealthGroup.Activity), f => f.Rule == "IdleInTransaction");
        Assert.DoesNotContain("Kq7x", found.ToString() + found.Evidence + found.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task A_prepared_transaction_is_found_and_ended(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync("CREATE TABLE t (i int PRIMARY KEY); BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'it''s left';");
        HealthFixture.AssertNone(await fixture.TestAsync());
        await fixture.MendsAsync("OldPreparedTransaction", "prepared transaction 'it''s left'", NoPatience, HealthGroup.Activity);
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task A_slot_that_nobody_reads_is_found_and_dropped(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync("SELECT pg_create_physical_replication_slot('left_behind', true); CREATE TABLE t AS SELECT generate_series(1, 1000) i;");
        var found = await fixture.MendsAsync("InactiveReplicationSlot", "replication slot \"left_behind\"", null, HealthGroup.Activity);
        Assert.Equal(FindingSeverity.Warning, found.Severity);
        Assert.Matches("^physical; keeps [0-9.]+ [kM]?B(ytes)? of log", found.Evidence);
        await fixture.ExecuteAsync("SELECT pg_create_physical_replication_slot('full_disk', true); CREATE TABLE u AS SELECT generate_series(1, 1000) i;");
        found = await fixture.MendsAsync("InactiveReplicationSlot", "replication slot \"full_disk\"", new() { RetainedWalBytes = 1000 }, HealthGroup.Activity);
        Assert.Equal(FindingSeverity.Error, found.Severity);
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    static async Task UntilAsync(HealthFixture fixture, string condition, string relation = "pg_stat_activity")
    {
        while (await fixture.ScalarAsync<long>($"SELECT count(*) FROM {relation} WHERE {condition}") == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
