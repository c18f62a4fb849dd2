using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>What ties a database to other servers: it is told in the plan, and it stands in no one's way afterwards.</summary>
public sealed class ServerLevelDependenciesTests
{
    const string Subscribed =
        """
        CREATE TABLE t AS SELECT 1 AS id;
        CREATE PUBLICATION outwards FOR TABLE t;
        CREATE SUBSCRIPTION "From afar" CONNECTION 'host=203.0.113.1 dbname=afar' PUBLICATION p WITH (connect = false, slot_name = 'theirs');
        """;

    const string Detach = """ALTER SUBSCRIPTION "From afar" SET (slot_name = NONE); DROP SUBSCRIPTION "From afar" """;

    [Theory]
    [InlineData("backup")]
    [InlineData("script")]
    public async Task Subscriptions_and_publications_are_told_and_come_back_disabled(string kind)
    {
        await using var fixture = await SubscribedAsync();
        var path = kind == "script" ? await fixture.DumpAsync("shop.sql") : (await fixture.BackUpAsync()).Folder;
        var plan = await fixture.PlanAsync(fixture.Of(path));
        try
        {
            Assert.Contains(plan.Warnings, warning => warning.Contains($"goes on receiving as {plan.KeptAs}", StringComparison.Ordinal));
            Assert.Contains(plan.Warnings, warning => warning.Contains("holds the subscription(s) From afar: they come back disabled", StringComparison.Ordinal));
            Assert.Contains(plan.Warnings, warning => warning.Contains("holds the publication(s) outwards: they come back", StringComparison.Ordinal));

            var result = await fixture.RunAsync(plan);

            const string State = "SELECT subenabled || ' ' || subslotname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE datname = current_database()";
            Assert.Equal("false theirs", await fixture.QueryAsync(State));
            Assert.Equal("false theirs", await fixture.QueryAsync(State, result.KeptAs));
        }
        finally
        {
            await DetachAllAsync(fixture);
        }
    }

    [Fact]
    public async Task The_old_database_cannot_be_dropped_with_a_subscription_and_that_is_said_before()
    {
        await using var fixture = await SubscribedAsync();
        var backup = await fixture.BackUpAsync();
        try
        {
            var error = await fixture.RefusesAsync(MigrationErrorCode.TargetInvalid, fixture.Of(backup.Folder, drop: true));

            Assert.Contains("subscription(s) From afar", error.Message, StringComparison.Ordinal);
            Assert.Contains("-DropDatabase", error.RecommendedAction, StringComparison.Ordinal);
            foreach (var statement in error.RecommendedAction![error.RecommendedAction!.IndexOf("ALTER", StringComparison.Ordinal)..].TrimEnd('.').Split(';'))
            {
                await fixture.QueryAsync(statement);
            }

            Assert.True((await fixture.RestoreAsync(fixture.Of(backup.Folder, drop: true))).Dropped);
        }
        finally
        {
            await DetachAllAsync(fixture);
        }
    }

    [Fact]
    public async Task A_copy_that_failed_goes_with_its_subscription_and_one_that_was_left_behind_goes_with_the_next()
    {
        await using var fixture = await SubscribedAsync();
        // Among the last that is restored, after the subscription: an index that fails over the rows that there are by then.
        var backup = await fixture.BackUpAsync();
        var script = await fixture.DumpAsync("shop.sql");
        var text = await File.ReadAllTextAsync(script, MajorFixture.Token);
        var end = text.LastIndexOf("--\n-- PostgreSQL database dump complete", StringComparison.Ordinal);
        await File.WriteAllTextAsync(script, text.Insert(end, "SELECT 1 / 0;\n\n"), MajorFixture.Token);
        try
        {
            var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.RestoreAsync(fixture.Of(script)));
            Assert.Contains("division by zero", error.Message, StringComparison.Ordinal);
            Assert.Contains("The unfinished copy was removed.", error.Message, StringComparison.Ordinal);
            Assert.Equal([fixture.Database.Name], await fixture.DatabasesAsync());

            var left = fixture.Database.Name[..30] + "_left";
            await fixture.Database.ExecuteAsync($"CREATE DATABASE {left} TEMPLATE template0", MajorFixture.Token);
            await fixture.Database.ExecuteAsync($"COMMENT ON DATABASE {left} IS '{RestoreNames.Mark(fixture.Database.Name)}'", MajorFixture.Token);
            await fixture.QueryAsync("CREATE SUBSCRIPTION s CONNECTION 'host=203.0.113.1' PUBLICATION p WITH (connect = false)", left);

            var result = await fixture.RestoreAsync(fixture.Of(backup.Folder));

            Assert.DoesNotContain(left, await fixture.DatabasesAsync());
            Assert.NotNull(result.KeptAs);
        }
        finally
        {
            await DetachAllAsync(fixture);
        }
    }

    [Fact]
    public async Task Logical_slots_go_with_the_old_database_and_that_is_said_before()
    {
        await using var server = await DedicatedServer.StartAsync(["wal_level = logical"]);
        await using var fixture = await MajorFixture.CreateAsync(server.Server, "CREATE TABLE t AS SELECT 1 AS id");
        await fixture.QueryAsync("SELECT pg_create_logical_replication_slot('reader', 'pgoutput')");
        var backup = await fixture.BackUpAsync(request => request with { Verify = true });

        var plan = await fixture.PlanAsync(fixture.Of(backup.Folder));
        Assert.Contains(plan.Warnings, warning => warning.Contains("replication slot(s) reader", StringComparison.Ordinal) && warning.Contains(plan.KeptAs!, StringComparison.Ordinal));
        var result = await fixture.RunAsync(plan);
        Assert.Equal(result.KeptAs, await fixture.QueryAsync("SELECT database::text FROM pg_replication_slots"));

        await fixture.QueryAsync("SELECT pg_create_logical_replication_slot('another', 'pgoutput')");
        var dropping = await fixture.PlanAsync(fixture.Of(backup.Folder, drop: true));
        Assert.Contains(dropping.Warnings, warning => warning.Contains("slot(s) another: they are dropped", StringComparison.Ordinal));
        Assert.True((await fixture.RunAsync(dropping)).Dropped);
        Assert.Equal("reader", await fixture.QueryAsync("SELECT string_agg(slot_name, ' ') FROM pg_replication_slots"));
    }

    [Fact]
    public async Task A_subscription_at_work_is_in_the_way_until_it_is_forced_and_goes_on_in_the_old_database()
    {
        await using var server = await DedicatedServer.StartAsync(["wal_level = logical"]);
        await using var publisher = await MajorFixture.CreateAsync(server.Server, "CREATE TABLE t (id int); CREATE PUBLICATION p FOR TABLE t");
        await using var fixture = await MajorFixture.CreateAsync(server.Server, "CREATE TABLE t (id int)");
        var address = server.Server.Address;
        // The slot is made apart: to make it, the server would wait for the statement that has it made.
        await publisher.QueryAsync("SELECT pg_create_logical_replication_slot('theirs', 'pgoutput')");
        await fixture.QueryAsync(FormattableString.Invariant(
            $"CREATE SUBSCRIPTION s CONNECTION 'host={address.Host} port={address.Port} user={address.UserName} password={address.Password} dbname={publisher.Database.Name}' PUBLICATION p WITH (create_slot = false, slot_name = 'theirs')"));
        try
        {
            var backup = await fixture.BackUpAsync();
            while (await fixture.QueryAsync("SELECT pid FROM pg_stat_subscription WHERE pid IS NOT NULL AND received_lsn IS NOT NULL LIMIT 1") is null)
            {
                await Task.Delay(50, MajorFixture.Token);
            }

            await fixture.RefusesAsync(MigrationErrorCode.DatabaseInUse, fixture.Of(backup.Folder));
            var result = await fixture.RestoreAsync(fixture.Of(backup.Folder, force: true));

            await publisher.QueryAsync("INSERT INTO t VALUES (1)");
            while ((long)(await fixture.QueryAsync("SELECT count(*) FROM t", result.KeptAs))! == 0)
            {
                await Task.Delay(50, MajorFixture.Token);
            }

            Assert.Equal(0L, await fixture.QueryAsync("SELECT count(*) FROM t"));
        }
        finally
        {
            foreach (var name in await fixture.DatabasesAsync())
            {
                foreach (var statement in new[] { "ALTER SUBSCRIPTION s DISABLE", "ALTER SUBSCRIPTION s SET (slot_name = NONE)", "DROP SUBSCRIPTION s" })
                {
                    await fixture.QueryAsync(statement, name);
                }
            }
        }
    }

    [Fact]
    public async Task Security_labels_are_told()
    {
        await using var fixture = await MajorFixture.CreateAsync(PostgresServer.DefaultMajor, "CREATE TABLE t AS SELECT 1 AS id");
        var plain = await fixture.BackUpAsync();
        // No provider comes with PostgreSQL; what one would have written is all that a dump and we look at.
        await fixture.Database.ExecuteAsync(
            """
            INSERT INTO pg_shseclabel SELECT oid, 'pg_database'::regclass, 'pro''vider', 'secret' FROM pg_database WHERE datname = current_database();
            INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 0, 'provider', 'secret');
            """, MajorFixture.Token);
        try
        {
            var labelled = await fixture.BackUpAsync();

            Assert.Contains(
                (await fixture.PlanAsync(fixture.Of(plain.Folder))).Warnings,
                warning => warning.EndsWith($"SECURITY LABEL FOR \"pro'vider\" ON DATABASE {fixture.Database.Name} IS 'secret';", StringComparison.Ordinal));
            Assert.Contains(
                (await fixture.PlanAsync(fixture.Of(labelled.Folder))).Warnings, warning => warning.Contains("holds security labels", StringComparison.Ordinal));
        }
        finally
        {
            await fixture.Database.ExecuteAsync("DELETE FROM pg_shseclabel WHERE provider = 'pro''vider'; DELETE FROM pg_seclabel", MajorFixture.Token);
        }
    }

    static async Task<MajorFixture> SubscribedAsync()
    {
        var fixture = await MajorFixture.CreateAsync(PostgresServer.DefaultMajor, "SELECT 1");
        foreach (var statement in Subscribed.Split(";\n", StringSplitOptions.RemoveEmptyEntries))
        {
            await fixture.QueryAsync(statement);
        }

        return fixture;
    }

    /// <summary>No database is dropped while it has a subscription, not even by a test.</summary>
    static async Task DetachAllAsync(MajorFixture fixture)
    {
        foreach (var name in await fixture.DatabasesAsync())
        {
            if ((long)(await fixture.QueryAsync("SELECT count(*) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE datname = current_database()", name))! > 0)
            {
                foreach (var statement in Detach.Split(';'))
                {
                    await fixture.QueryAsync(statement, name);
                }
            }
        }
    }
}
