using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class ServerTests(HealthServers servers)
{
    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Settings_that_endanger_data_are_found_and_put_right(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        (string Name, string Bad, FindingSeverity Severity)[] dangers =
        [
            ("fsync", "off", FindingSeverity.Error), ("full_page_writes", "off", FindingSeverity.Error), ("autovacuum", "off", FindingSeverity.Error),
            ("zero_damaged_pages", "on", FindingSeverity.Error), ("ignore_checksum_failure", "on", FindingSeverity.Error),
            ("synchronous_commit", "off", FindingSeverity.Warning), ("track_counts", "off", FindingSeverity.Warning),
        ];
        try
        {
            foreach (var (name, bad, _) in dangers)
            {
                await fixture.ExecuteAsync($"ALTER SYSTEM SET {name} = '{bad}'");
            }

            await fixture.ExecuteAsync("SELECT pg_reload_conf()");
            await UntilAsync(fixture, dangers.Select(d => (d.Name, d.Bad)));
            var found = await fixture.TestAsync(HealthGroup.Server);
            Assert.Equal(
                dangers.Select(d => ("UnsafeSetting", $"setting {d.Name}", d.Severity)).Order(),
                found.Select(f => (f.Rule, f.DatabaseObject!, f.Severity)).Order());
            foreach (var finding in found)
            {
                Assert.Contains("postgresql.auto.conf:", finding.Evidence!, StringComparison.Ordinal);
                await fixture.ExecuteAsync(finding.FixSql!);
            }

            await UntilAsync(fixture, dangers.Select(d => (d.Name, d.Bad == "on" ? "off" : "on")));
            HealthFixture.AssertNone(await fixture.TestAsync(HealthGroup.Server));
        }
        finally
        {
            await fixture.ExecuteAsync("ALTER SYSTEM RESET ALL; SELECT pg_reload_conf();");
            await UntilAsync(fixture, dangers.Select(d => (d.Name, d.Bad == "on" ? "off" : "on")));
        }
    }

    [Fact]
    public async Task Settings_of_a_database_a_role_and_both_are_found_and_reset()
    {
        await using var fixture = await servers.BenchAsync();
        var role = "careless_" + fixture.Address.Database;
        await fixture.ExecuteAsync($"""
            CREATE ROLE "{role}";
            ALTER DATABASE {fixture.Address.Database} SET session_replication_role = replica;
            ALTER ROLE "{role}" SET synchronous_commit = off;
            ALTER ROLE "{role}" IN DATABASE {fixture.Address.Database} SET zero_damaged_pages = true;
            """);
        var found = await fixture.TestAsync(HealthGroup.Server);
        Assert.Equal(
            ["setting session_replication_role", "setting zero_damaged_pages", "setting synchronous_commit"], found.Select(f => f.DatabaseObject));
        Assert.Contains($"for the role {role} in the database {fixture.Address.Database}.", found[1].Evidence!, StringComparison.Ordinal);
        foreach (var finding in found)
        {
            await fixture.ExecuteAsync(finding.FixSql!);
        }

        HealthFixture.AssertNone(await fixture.TestAsync(HealthGroup.Server));
        await fixture.ExecuteAsync($"DROP ROLE \"{role}\"");
    }

    [Fact]
    public async Task A_server_without_durability_is_told_as_it_is()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        var request = new MigrationRequest { Database = new() { WorkingFolder = Path.GetTempPath(), ConnectionString = database.ConnectionString } };
        await using var opened = await new MigrationEngine().OpenAsync(request, TestContext.Current.CancellationToken);
        var found = await opened.Health.TestAsync(
            new() { Groups = [HealthGroup.Server] }, new RecordingObserver(), TestContext.Current.CancellationToken);
        foreach (var (name, rule) in new[] { ("fsync", "UnsafeSetting"), ("full_page_writes", "UnsafeSetting"), ("data_checksums", "ChecksumsDisabled") })
        {
            var isOff = await database.ScalarAsync<string>($"SHOW {name}") == "off";
            Assert.Equal(isOff, found.Any(f => f.Rule == rule && f.DatabaseObject == $"setting {name}"));
        }
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task A_default_collation_of_another_version_is_found_and_refreshed(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        if (await fixture.MajorAsync() < 15)
        {
            // Databases have no collation version before 15: nothing is asked, so nothing fails.
            HealthFixture.AssertNone(await fixture.TestAsync(HealthGroup.Server));
            return;
        }

        var name = fixture.Address.Database + "_icu";
        await fixture.ExecuteAsync($"CREATE DATABASE \"{name}\" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'");
        try
        {
            fixture.ConnectionString = (fixture.Address with { Database = name }).ConnectionString;
            await fixture.ExecuteElsewhereAsync(name, "CREATE TABLE sorted (id int PRIMARY KEY, name text, EXCLUDE USING btree (name WITH =))");
            HealthFixture.AssertNone(await fixture.TestAsync());
            await fixture.ExecuteAsync($"UPDATE pg_database SET datcollversion = '1' WHERE datname = '{name}'");
            var found = Assert.Single(await fixture.TestAsync());
            Assert.Equal(("CollationVersionMismatch", $"database {name}"), (found.Rule, found.DatabaseObject));
            // REINDEX DATABASE CONCURRENTLY leaves it out.
            Assert.Contains("\nREINDEX INDEX public.sorted_name_excl;\n", found.FixSql!, StringComparison.Ordinal);
            await fixture.ExecuteElsewhereAsync(name, found.FixSql!);
            HealthFixture.AssertNone(await fixture.TestAsync());
        }
        finally
        {
            await fixture.DropElsewhereAsync(name);
        }
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Old_transactions_and_multixacts_are_found_and_frozen(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        var thresholds = new HealthThresholds { WraparoundWarningAge = 3000, WraparoundErrorAge = 3_000_000 };
        await fixture.ExecuteAsync("CREATE TABLE t (i int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0);");
        // Each turn is a transaction that locks a row and then, as another subtransaction, changes it: a multixact of the two.
        await fixture.ExecuteAsync("""
            CREATE PROCEDURE age() LANGUAGE plpgsql AS $$
            BEGIN
                FOR turn IN 1..3500 LOOP
                    PERFORM FROM t WHERE i = 1 FOR KEY SHARE;
                    BEGIN
                        UPDATE t SET n = turn WHERE i = 1;
                    EXCEPTION WHEN division_by_zero THEN NULL;
                    END;
                    COMMIT;
                END LOOP;
            END $$;
            CALL age();
            """);
        var database = $"database {fixture.Address.Database}";
        var found = (await fixture.TestAsync(thresholds, HealthGroup.Table)).Where(f => f.DatabaseObject == database).ToList();
        Assert.Equal(
            [("MultixactWraparound", FindingSeverity.Warning), ("TransactionWraparound", FindingSeverity.Warning)], found.Select(f => (f.Rule, f.Severity)));
        Assert.Contains("The oldest: ", found[0].Evidence!, StringComparison.Ordinal);
        await fixture.MendsAsync("TransactionWraparound", database, thresholds, HealthGroup.Table);
        Assert.DoesNotContain(await fixture.TestAsync(thresholds, HealthGroup.Table), f => f.DatabaseObject == database);
        Assert.DoesNotContain(await fixture.TestAsync(HealthGroup.Table), f => f.Rule.EndsWith("Wraparound", StringComparison.Ordinal));
    }

    static async Task UntilAsync(HealthFixture fixture, IEnumerable<(string Name, string Value)> settings)
    {
        // The postmaster tells its children of a reload in its own time.
        var wanted = string.Join(" AND ", settings.Select(s => $"current_setting('{s.Name}') = '{s.Value}'"));
        while (!await fixture.ScalarAsync<bool>($"SELECT {wanted}"))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
