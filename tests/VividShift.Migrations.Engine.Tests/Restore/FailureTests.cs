using Npgsql;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

public sealed class FailureTests
{
    [Fact]
    public async Task A_script_that_fails_leaves_the_old_database_as_it_was()
    {
        await using var shop = await Shop.CreateAsync();
        var script = shop.Folder.Add("bad.sql", "CREATE TABLE fresh ();\nSELECT 1/0;\n");

        var error = await shop.RefusesAsync(MigrationErrorCode.RestoreFailed, Shop.Of(script));

        Assert.Contains("division by zero", error.Message, StringComparison.Ordinal);
        Assert.Contains("is as it was. The unfinished copy was removed.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(shop.Database.Password, error.ToString() + shop.Observer.Transcript, StringComparison.Ordinal);
        Assert.Equal(300, await shop.RowsAsync("orders"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_that_was_taken_since_the_question_ends_the_restore_before_it_begins(bool drop)
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        var plan = await shop.PlanAsync(Shop.Of(dump, drop: drop));
        await shop.Database.ExecuteAsync($"CREATE DATABASE \"{plan.PutAsideAs}\" TEMPLATE template0", Shop.Token);
        var before = await shop.DatabasesAsync();

        var error = await Assert.ThrowsAsync<MigrationException>(() => shop.RunAsync(plan));

        Assert.True(error.Code == MigrationErrorCode.PlanChanged, error.ToString());
        Assert.Contains(plan.PutAsideAs!, error.Message, StringComparison.Ordinal);
        Assert.Equal("Nothing was changed.", error.DatabaseState);
        Assert.Equal(before, await shop.DatabasesAsync());
        Assert.Equal(300, await shop.RowsAsync("orders"));
    }

    [Fact]
    public async Task Restores_within_a_second_put_old_databases_aside_under_names_of_their_own()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");

        var kept = (await shop.RestoreAsync(Shop.Of(dump))).KeptAs;
        Assert.True((await shop.RestoreAsync(Shop.Of(dump, drop: true))).Dropped);

        Assert.Equal(new[] { shop.Database.Name, kept }.Order(StringComparer.Ordinal), (await shop.DatabasesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_command_of_psql_hidden_in_a_line_is_not_run()
    {
        await using var shop = await Shop.CreateAsync();
        var proof = shop.Folder.PathOf("proof");
        var script = shop.Folder.Add("evil.sql", $"CREATE TABLE fresh (); \\! touch {proof}\n");

        var error = await shop.RefusesAsync(MigrationErrorCode.RestoreFailed, Shop.Of(script));

        Assert.False(File.Exists(proof));
        Assert.Contains("restricted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_may_begin_as_commands_do()
    {
        await using var shop = await Shop.CreateAsync();
        await shop.Database.ExecuteAsync(
            """
            CREATE TABLE odd (a text, b text);
            INSERT INTO odd VALUES (NULL, 'x'), ('\connect elsewhere', 'y'), (E'two\nlines', 'COPY odd FROM stdin;'), (repeat('long ', 40000), 'z');
            """, Shop.Token);
        var dump = await shop.DumpAsync("shop.sql");

        await shop.RestoreAsync(Shop.Of(dump));

        Assert.Equal("200000 2", await shop.Database.ScalarAsync<string>(
            "SELECT max(length(a)) || ' ' || count(*) FILTER (WHERE a IS NULL OR a LIKE '%connect%') FROM odd", Shop.Token));
    }

    [Fact]
    public async Task Ctrl_C_removes_the_unfinished_copy()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        var plan = await shop.PlanAsync(Shop.Of(dump));
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver
        {
            OnEvent = told =>
            {
                if (told is ProgressChanged { Status: var status } && status.StartsWith("creating", StringComparison.Ordinal))
                {
                    stop.Cancel();
                }
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.RunAsync(plan, observer, stop.Token));

        Assert.Equal([shop.Database.Name], await shop.DatabasesAsync());
        Assert.Equal(300, await shop.RowsAsync("orders"));
    }

    [Fact]
    public async Task What_killed_restores_of_this_database_left_is_removed_and_nothing_else()
    {
        await using var shop = await Shop.CreateAsync();
        var name = shop.Database.Name;
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        foreach (var (database, comment) in new[]
        {
            ($"{name}_a", RestoreNames.Mark(name) + " Begun some time."), ($"{name}_b", RestoreNames.Mark(name + "2")), ($"{name}_c", "mine"),
        })
        {
            await shop.Database.ExecuteAsync($"CREATE DATABASE {database}", Shop.Token);
            await shop.Database.ExecuteAsync($"COMMENT ON DATABASE {database} IS '{comment}'", Shop.Token);
        }

        var plan = await shop.PlanAsync(Shop.Of(dump, drop: true));
        Assert.Equal([$"{name}_a"], plan.UnfinishedCopies);
        await shop.RunAsync(plan);

        Assert.Equal([name, $"{name}_b", $"{name}_c"], await shop.DatabasesAsync());
    }

    [Fact]
    public async Task Two_restores_of_one_database_do_not_meet()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        var plan = await shop.PlanAsync(Shop.Of(dump));
        Task<RestoreResult>? second = null;
        var observer = new RecordingObserver
        {
            OnEvent = told =>
            {
                if (second is null && told is ProgressChanged { Status: var status } && status.StartsWith("creating", StringComparison.Ordinal))
                {
                    second = shop.RunAsync(plan, new());
                    ((IAsyncResult)second).AsyncWaitHandle.WaitOne();
                }
            },
        };

        await shop.RunAsync(plan, observer);

        var error = await Assert.ThrowsAsync<MigrationException>(() => second!);
        Assert.Equal(MigrationErrorCode.LockTimeout, error.Code);
        Assert.Equal(300, await shop.RowsAsync("orders"));
    }

    [Fact]
    public async Task A_prepared_transaction_is_no_session_that_can_be_ended()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        var id = "t" + shop.Database.Name;
        await using var connection = await shop.Database.OpenAsync(Shop.Token);
        await using (var batch = new NpgsqlBatch(connection) { BatchCommands = { new("BEGIN"), new("DELETE FROM orders"), new($"PREPARE TRANSACTION '{id}'") } })
        {
            await batch.ExecuteNonQueryAsync(Shop.Token);
        }

        var error = await shop.RefusesAsync(MigrationErrorCode.DatabaseInUse, Shop.Of(dump, force: true));

        Assert.Contains(id, error.Message, StringComparison.Ordinal);
        Assert.Contains("ROLLBACK PREPARED", error.RecommendedAction, StringComparison.Ordinal);
        await shop.Database.ExecuteAsync($"ROLLBACK PREPARED '{id}'", Shop.Token);
    }
}
