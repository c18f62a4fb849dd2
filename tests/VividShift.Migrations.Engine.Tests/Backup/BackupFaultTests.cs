using VividShift.Migrations.Backup;

namespace VividShift.Migrations.Engine.Tests.Backup;

public sealed class BackupFaultTests
{
    [Fact]
    public async Task When_pg_dump_fails_nothing_is_left_and_its_words_are_told()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        fixture.Bench.LockTimeout = TimeSpan.FromSeconds(1);
        await using var other = await fixture.Database.OpenAsync(Workbench.Token);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync(Workbench.Token);

        var error = await fixture.FailsAsync(MigrationErrorCode.BackupFailed, request => request);

        Assert.Contains("timeout", error.Message, StringComparison.Ordinal);
        Assert.Contains("users", error.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Entries());
        Assert.Empty((await fixture.ListAsync()).Backups);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_failed_backup()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        Directory.CreateDirectory(fixture.Folder);
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, "file"), "");

        var error = await fixture.FailsAsync(MigrationErrorCode.BackupFailed, request => request with { Folder = Path.Combine(fixture.Folder, "file", "below") });

        Assert.Contains("cannot be written to", error.Message, StringComparison.Ordinal);
        Assert.Equal(["file"], fixture.Entries());
    }

    [Fact]
    public async Task Cancelling_ends_pg_dump_and_leaves_nothing()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        await using var other = await fixture.Database.OpenAsync(Workbench.Token);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync(Workbench.Token);
        using var stop = new CancellationTokenSource();

        var running = fixture.BackUpAsync(token: stop.Token);
        await fixture.Bench.UntilAsync("pg_locks WHERE NOT granted AND relation = 'users'::regclass");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(fixture.Entries());
        // The server sees at its next look at the socket that pg_dump is gone; it needs the lock for that.
        await command.DisposeAsync();
        await other.DisposeAsync();
        while (await fixture.Bench.CountAsync("pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'") > 0)
        {
            await Task.Delay(20, Workbench.Token);
        }
    }

    [Fact]
    public async Task Cancelling_a_trial_drops_its_database_and_keeps_the_backup()
    {
        await using var fixture = await BackupFixture.CreateAsync(
            """
            CREATE FUNCTION slow(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_sleep(60); RETURN 1; END $$;
            CREATE TABLE t (id int);
            INSERT INTO t VALUES (1);
            """);
        await fixture.Database.ExecuteAsync("CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT slow(id) FROM t WITH NO DATA");
        // Populated as far as the catalogue goes, so that restoring builds it; building it here would take the minute.
        await fixture.Database.ExecuteAsync("UPDATE pg_class SET relispopulated = true WHERE relname = 'm'");
        using var stop = new CancellationTokenSource();

        var running = fixture.BackUpAsync(request => request with { Verify = true }, token: stop.Token);
        await fixture.Bench.UntilAsync($"pg_stat_activity WHERE datname LIKE '{fixture.Database.Name}\\_verify\\_%' AND wait_event = 'PgSleep'");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(0, await fixture.ScratchAsync());
        Assert.False(Assert.Single((await fixture.ListAsync()).Backups).Verified);
    }

    [Fact]
    public async Task A_backup_that_cannot_be_restored_is_told_and_marked()
    {
        // A constraint that looks into another table, which holds no rows yet when these are restored.
        await using var fixture = await BackupFixture.CreateAsync(
            """
            CREATE TABLE z_limits (top int);
            CREATE FUNCTION within(int) RETURNS boolean LANGUAGE sql AS 'SELECT $1 < (SELECT max(top) FROM public.z_limits)';
            CREATE TABLE a_values (v int CONSTRAINT v_limit CHECK (within(v) IS TRUE));
            INSERT INTO z_limits VALUES (10);
            INSERT INTO a_values VALUES (1);
            """);

        var error = await fixture.FailsAsync(MigrationErrorCode.BackupInvalid, request => request with { Verify = true, Jobs = 1 });

        Assert.Contains("v_limit", error.Message, StringComparison.Ordinal);
        Assert.Equal("RestoreFailed", Assert.Single(error.Findings).Rule);
        Assert.Equal(0, await fixture.ScratchAsync());
        var listed = Assert.Single((await fixture.ListAsync()).Backups);
        Assert.False(listed.Verified);
        Assert.False(listed.Verification!.Passed);
        Assert.Contains("v_limit", listed.Verification.Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_are_hidden_from_the_role_are_no_backup()
    {
        await using var fixture = await BackupFixture.CreateAsync("CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id > 1)");
        var role = await fixture.Database.CreateRoleAsync("GRANT pg_read_all_data TO {role}");
        await using (role)
        {
            fixture.Bench.ConnectionString = role.ConnectionString;
            var error = await fixture.FailsAsync(MigrationErrorCode.BackupFailed, request => request);

            Assert.Contains("public.t", error.Message, StringComparison.Ordinal);
            Assert.Contains("BYPASSRLS", error.Message, StringComparison.Ordinal);
            Assert.Empty(fixture.Entries());
        }
    }

    [Fact]
    public async Task What_a_killed_run_left_is_never_listed_and_goes_with_the_next_and_what_is_alive_stays()
    {
        await using var fixture = await BackupFixture.CreateAsync("CREATE TABLE t (id int)");
        var whole = await fixture.BackUpAsync();
        var dead = Path.Combine(fixture.Folder, ".partial-dead");
        Directory.CreateDirectory(Path.Combine(dead, "data"));
        File.Copy(Path.Combine(whole.Folder, "manifest.json"), Path.Combine(dead, "manifest.json"));
        await File.WriteAllTextAsync(dead + ".lock", "2147483646");
        var alive = Path.Combine(fixture.Folder, ".partial-alive");
        Directory.CreateDirectory(alive);
        await using var held = new FileStream(alive + ".lock", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal([whole.Name], (await fixture.ListAsync()).Backups.Select(backup => backup.Name));
        var next = await fixture.BackUpAsync(request => request with { Tag = "next" });

        Assert.Equal(new[] { ".partial-alive", ".partial-alive.lock", whole.Name, next.Name }.Order(StringComparer.Ordinal), fixture.Entries().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scratch_database_that_a_killed_trial_left_goes_with_the_next()
    {
        await using var fixture = await BackupFixture.CreateAsync("CREATE TABLE t (id int)");
        var left = $"{fixture.Database.Name[..20]}_verify_0badcafe";
        await fixture.Database.ExecuteAsync($"CREATE DATABASE {left} TEMPLATE template0");
        await fixture.Database.ExecuteAsync(
            $"COMMENT ON DATABASE {left} IS 'VividShift.Migrations: scratch database of a trial restore. It may be dropped when the session that made it is gone.'");

        Assert.True((await fixture.BackUpAsync(request => request with { Verify = true })).Verified);

        Assert.Equal(0, await fixture.Bench.CountAsync($"pg_database WHERE datname = '{left}'"));
    }

    [Theory]
    [InlineData("no_such_table")]
    [InlineData("Odd Schema.nothing*")]
    public async Task A_table_that_is_not_there_is_refused(string name)
    {
        await using var fixture = await BackupFixture.CreateAsync();
        var error = await fixture.FailsAsync(MigrationErrorCode.ConfigurationInvalid, request => request with { Tables = ["users", name] });

        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Entries());
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused()
    {
        await using var fixture = await BackupFixture.CreateAsync("SELECT 1");

        await fixture.FailsAsync(MigrationErrorCode.NameInvalid, request => request with { Tag = "../up" });
        await fixture.FailsAsync(MigrationErrorCode.ConfigurationInvalid, request => request with { Format = BackupFormat.Custom, Jobs = 2 });
        await fixture.FailsAsync(MigrationErrorCode.ConfigurationInvalid, request => request with { Compression = "best; rm -rf" });
        Assert.Empty(fixture.Entries());
    }
}
