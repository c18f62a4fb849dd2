using Npgsql;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Backup.Verification;

public sealed class IncrementalVerifierTests
{
    const string Content =
        """
        CREATE TABLE a (id int PRIMARY KEY, t text);
        CREATE TABLE b (id int PRIMARY KEY, t text);
        INSERT INTO a SELECT i, 'a' || i FROM generate_series(1, 100) i;
        INSERT INTO b SELECT i, 'b' || i FROM generate_series(1, 200) i;
        """;

    [Fact]
    public async Task A_table_is_hashed_when_it_is_filled_and_one_that_is_not_is_left_out()
    {
        await using var fixture = await BackupFixture.CreateAsync(Content);
        await using var early = new IncrementalVerifier(await ResolveAsync(fixture), new RecordingObserver());
        early.Start(2);

        early.Add(("public", "a"));
        early.Add(("public", "no such table"));
        await UntilFoundAsync(fixture, "FROM ONLY public.a");
        await early.FinishAsync(Workbench.Token);

        Assert.Equal(100, Assert.Single(early.Found).Value.Rows);
    }

    [Fact]
    public async Task A_locked_table_neither_waits_nor_is_waited_for()
    {
        await using var fixture = await BackupFixture.CreateAsync(Content);
        await using var other = await fixture.Database.OpenAsync(Workbench.Token);
        await using var holding = await other.BeginTransactionAsync(Workbench.Token);
        await ExecuteAsync(other, "LOCK TABLE a IN ACCESS EXCLUSIVE MODE");
        var observer = new RecordingObserver();
        await using var early = new IncrementalVerifier(await ResolveAsync(fixture), observer);
        early.Start(1);

        early.Add(("public", "a"));
        early.Add(("public", "b"));
        await UntilAsync(() => early.Found.ContainsKey(("public", "b")));
        Assert.DoesNotContain(observer.Told<StatementSent>(), sent => sent.Sql.Contains("public.a", StringComparison.Ordinal));
        await holding.RollbackAsync(Workbench.Token);
        await UntilAsync(() => early.Found.ContainsKey(("public", "a")));
        await early.FinishAsync(Workbench.Token);

        Assert.Equal([("public", "a"), ("public", "b")], early.Found.Keys.Order());
    }

    [Fact]
    public async Task A_table_whose_index_is_being_made_is_hashed_and_analyzed_later()
    {
        await using var fixture = await BackupFixture.CreateAsync(Content);
        await using var other = await fixture.Database.OpenAsync(Workbench.Token);
        await using var holding = await other.BeginTransactionAsync(Workbench.Token);
        await ExecuteAsync(other, "LOCK TABLE a IN SHARE MODE");
        var observer = new RecordingObserver();
        await using var early = new IncrementalVerifier(await ResolveAsync(fixture), observer) { Analyzes = true };
        early.Start(1);

        early.Add(("public", "a"));
        await UntilAsync(() => early.Found.ContainsKey(("public", "a")));
        Assert.DoesNotContain(observer.Told<StatementSent>(), sent => sent.Sql.StartsWith("ANALYZE", StringComparison.Ordinal));
        await holding.RollbackAsync(Workbench.Token);
        await UntilAsync(() => early.HasAnalyzed("public", "a"));
        await early.FinishAsync(Workbench.Token);

        Assert.True(early.HasAnalyzed("public", "a"));
        Assert.Equal(100, Assert.Single(early.Found).Value.Rows);
    }

    [Fact]
    public async Task Only_locks_of_the_modes_that_are_asked_for_count()
    {
        await using var fixture = await BackupFixture.CreateAsync(Content);
        await using var session = await FingerprintSession.OpenAsync(await ResolveAsync(fixture), usual => usual, new RecordingObserver(), Workbench.Token);
        await using var other = await fixture.Database.OpenAsync(Workbench.Token);
        var table = (await FingerprintCatalogue.ReadAsync(session.Session, Workbench.Token)).Tables.Single(table => table.Table == "a");

        Assert.False(await session.IsLockedAsync(table, ["AccessExclusiveLock"], Workbench.Token));
        await using var holding = await other.BeginTransactionAsync(Workbench.Token);
        await ExecuteAsync(other, "LOCK TABLE a IN ACCESS EXCLUSIVE MODE");

        Assert.True(await session.IsLockedAsync(table, ["AccessExclusiveLock"], Workbench.Token));
        Assert.False(await session.IsLockedAsync(table, ["ShareLock"], Workbench.Token));
    }

    [Fact]
    public async Task A_session_that_is_ended_leaves_the_rest_to_the_comparison()
    {
        await using var fixture = await BackupFixture.CreateAsync(Content);
        var backup = await fixture.BackUpAsync();
        var database = await ResolveAsync(fixture);
        var observer = new RecordingObserver();
        await using var early = new IncrementalVerifier(database, observer);
        early.Start(1);
        early.Add(("public", "a"));
        await UntilFoundAsync(fixture, "FROM ONLY public.a");
        await fixture.Database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%FROM ONLY public.a%' AND pid <> pg_backend_pid()");
        early.Add(("public", "b"));
        await UntilAsync(() => observer.Told<VerboseMessage>().Any(told => told.Message.StartsWith("Hashing beside pg_restore ended", StringComparison.Ordinal)));

        Assert.Empty(await CompareAsync(backup, database, early));
    }

    [Fact]
    public async Task What_was_hashed_too_early_is_hashed_again_and_a_real_difference_is_told()
    {
        await using var fixture = await BackupFixture.CreateAsync(Content);
        var backup = await fixture.BackUpAsync();
        var database = await ResolveAsync(fixture);
        await fixture.Database.ExecuteAsync("DELETE FROM a WHERE id > 50; UPDATE b SET t = 'other' WHERE id = 7");
        await using var early = new IncrementalVerifier(database, new RecordingObserver());
        early.Start(1);
        early.Add(("public", "a"));
        early.Add(("public", "b"));
        await UntilFoundAsync(fixture, "FROM ONLY public.b");
        await fixture.Database.ExecuteAsync("INSERT INTO a SELECT i, 'a' || i FROM generate_series(51, 100) i");

        var finding = Assert.Single(await CompareAsync(backup, database, early));

        Assert.Equal(("HashDiffers", "public.b"), (finding.Rule, finding.DatabaseObject));
    }

    [Fact]
    public async Task A_restore_hashes_before_it_compares()
    {
        await using var fixture = await BackupFixture.CreateAsync(
            "CREATE TABLE a AS SELECT i AS id, repeat('x', 200) AS t FROM generate_series(1, 50000) i; CREATE TABLE b AS TABLE a; CREATE INDEX ON a (t, id); CREATE INDEX ON b (id)");
        var observer = new RecordingObserver();

        Assert.True((await fixture.BackUpAsync(request => request with { Verify = true, Jobs = 2 }, observer)).Verified);

        var told = observer.Events.ToList();
        var comparing = told.FindIndex(migrationEvent => migrationEvent is ProgressChanged { Activity: var activity } && activity.StartsWith("Comparing", StringComparison.Ordinal));
        var restoring = told.FindIndex(migrationEvent => migrationEvent is ProgressChanged { Activity: var activity } && activity.StartsWith("Restoring into", StringComparison.Ordinal));
        Assert.InRange(told.FindIndex(restoring, migrationEvent => migrationEvent is StatementSent { Sql: var sql } && sql.Contains("FROM ONLY", StringComparison.Ordinal)), restoring, comparing);
    }

    [Fact]
    public async Task Statistics_are_gathered_where_they_are_wanted_and_of_a_partition_by_its_table()
    {
        await using var fixture = await BackupFixture.CreateAsync(
            Content + "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); INSERT INTO p VALUES (1)");
        var observer = new RecordingObserver();
        await using var early = new IncrementalVerifier(await ResolveAsync(fixture), observer) { Analyzes = true };
        early.Start(1);

        early.Add(("public", "a"));
        early.Add(("public", "p1"));
        await UntilFoundAsync(fixture, "FROM ONLY public.p1");
        Assert.Equal(["ANALYZE public.a"], observer.Told<StatementSent>().Select(sent => sent.Sql).Where(sql => sql.StartsWith("ANALYZE", StringComparison.Ordinal)));
        await early.FinishAsync(Workbench.Token);

        Assert.True(early.HasAnalyzed("public", "a"));
        Assert.False(early.HasAnalyzed("public", "p1"));
        Assert.Equal(["a"], (await fixture.Database.QueryAsync("SELECT DISTINCT tablename::text FROM pg_stats WHERE schemaname = 'public'")).Select(row => row[0]));
    }

    static async Task<IReadOnlyList<Finding>> CompareAsync(DatabaseBackup backup, ResolvedDatabase database, IncrementalVerifier early)
    {
        var tools = await ClientTools.FindAsync(null, database.Project, backup.Manifest.ServerMajor, ["pg_dump", "pg_restore"], Workbench.Token);
        return await new ManifestComparer(backup.Manifest, Path.Combine(backup.Folder, "data"), tools, new RecordingObserver())
        {
            Early = early,
            ServerMajor = backup.Manifest.ServerMajor,
        }.CompareAsync(database, 2, Workbench.Token);
    }

    /// <summary>Waits until a session of ours has run a query to its end.</summary>
    static Task UntilFoundAsync(BackupFixture fixture, string query) => fixture.Bench.UntilAsync(
        $"pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query LIKE '%{query}%' AND pid <> pg_backend_pid()");

    static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10, Workbench.Token);
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Workbench.Token);
    }

    static Task<ResolvedDatabase> ResolveAsync(BackupFixture fixture) =>
        fixture.Bench.Opened.Open(fixture.Bench.Request).Opened.ResolveAsync(new RecordingObserver(), Workbench.Token);
}
