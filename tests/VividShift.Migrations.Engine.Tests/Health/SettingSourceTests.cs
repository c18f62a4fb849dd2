namespace VividShift.Migrations.Engine.Tests.Health;

/// <summary>The SQL fixes a dangerous setting wherever it comes from; where none can, the advice says what does. On servers of their
/// own.</summary>
public sealed class SettingSourceTests
{
    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task A_file_is_overruled_a_restart_is_asked_for_and_the_command_line_is_named(int major)
    {
        await using var server = await ConfigurableServer.StartAsync(major, "data_sync_retry = on", "session_replication_role = replica");
        await server.ExecuteAsync("ALTER SYSTEM SET full_page_writes = off", "ALTER SYSTEM SET track_counts = off", "SELECT pg_reload_conf()");
        await server.ExecuteAsync("ALTER ROLE vividshift SET synchronous_commit = on");
        await server.RestartAsync("-c autovacuum=off");

        var found = (await server.TestAsync()).Where(f => f.Rule == "UnsafeSetting").ToDictionary(f => f.DatabaseObject!["setting ".Length..]);
        Assert.Equal(
            ["autovacuum", "data_sync_retry", "fsync", "full_page_writes", "session_replication_role", "synchronous_commit", "track_counts"], found.Keys.Order());
        Assert.Null(found["autovacuum"].FixSql);
        Assert.Contains("command line", found["autovacuum"].RecommendedAction!, StringComparison.Ordinal);
        // postgresql.conf is as bad as what ALTER SYSTEM has set, so taking that back would not do.
        Assert.StartsWith("ALTER SYSTEM SET full_page_writes = 'on';\nSELECT", found["full_page_writes"].FixSql, StringComparison.Ordinal);
        Assert.StartsWith("ALTER SYSTEM RESET track_counts;\nSELECT", found["track_counts"].FixSql, StringComparison.Ordinal);
        // The role has a value of its own, which this session sees; the server's is in the file.
        Assert.Contains("postgresql.conf:", found["synchronous_commit"].Evidence!, StringComparison.Ordinal);
        Assert.Equal("ALTER SYSTEM SET data_sync_retry = 'off';", found["data_sync_retry"].FixSql);
        Assert.Contains("restart", found["data_sync_retry"].RecommendedAction!, StringComparison.Ordinal);

        foreach (var finding in found.Values.Where(f => f.FixSql is not null))
        {
            await server.ExecuteAsync(finding.FixSql!.Split('\n'));
        }

        await server.UntilAsync("current_setting('fsync') = 'on' AND current_setting('track_counts') = 'on'");
        Assert.Equal(
            ["setting autovacuum", "setting data_sync_retry"], (await server.TestAsync()).Where(f => f.Rule == "UnsafeSetting").Select(f => f.DatabaseObject!).Order());
        await server.RestartAsync("");
        // From 18 on initdb turns checksums on by itself.
        Assert.Equal(server.Major >= 18 ? [] : ["ChecksumsDisabled"], (await server.TestAsync()).Select(f => f.Rule));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Where_ALTER_SYSTEM_is_refused_there_is_no_SQL_but_advice(int major)
    {
        await using var server = await ConfigurableServer.StartAsync(major);
        if (server.Major < 17)
        {
            // It cannot be refused before 17: there is SQL.
            Assert.All((await server.TestAsync()).Where(f => f.Rule == "UnsafeSetting"), f => Assert.NotNull(f.FixSql));
            return;
        }

        await server.RestartAsync("-c allow_alter_system=off");
        var found = Assert.Single(await server.TestAsync(), f => f.DatabaseObject == "setting fsync");
        Assert.Null(found.FixSql);
        Assert.StartsWith("allow_alter_system is off: write fsync = on", found.RecommendedAction, StringComparison.Ordinal);
    }
}
