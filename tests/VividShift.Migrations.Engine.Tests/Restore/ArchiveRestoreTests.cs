using Npgsql;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

public sealed class ArchiveRestoreTests
{
    [Theory]
    [InlineData("shop.dump", "--format=custom")]
    [InlineData("shop.dir", "--format=directory")]
    [InlineData("shop.sql", "--format=plain")]
    [InlineData("shop.sql", "--format=plain --inserts --rows-per-insert=7")]
    public async Task A_dump_replaces_the_database_and_the_old_one_is_kept(string name, string options)
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync(name, options.Split(' '));
        await shop.Database.ExecuteAsync("DELETE FROM orders; CREATE TABLE later ()", Shop.Token);
        var schema = await shop.Database.SchemaDumpAsync(Shop.Token);

        var result = await shop.RestoreAsync(Shop.Of(dump));

        Assert.Equal(300, await shop.RowsAsync("orders"));
        Assert.Equal(0, await shop.RowsAsync("orders", result.KeptAs));
        Assert.DoesNotContain("later", await shop.Database.SchemaDumpAsync(Shop.Token), StringComparison.Ordinal);
        Assert.Contains("later", schema, StringComparison.Ordinal);
        Assert.Equal((false, 2, false), (result.Verified, result.Tables, result.Dropped));
        Assert.Equivalent(new[] { shop.Database.Name, result.KeptAs }, await shop.DatabasesAsync(), strict: true);
    }

    [Fact]
    public async Task A_compressed_script_is_restored_as_a_stream()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await Shop.CompressedAsync(await shop.DumpAsync("shop.sql"));
        await shop.Database.ExecuteAsync("DELETE FROM orders", Shop.Token);

        var result = await shop.RestoreAsync(Shop.Of(dump, drop: true));

        Assert.Equal(RestoreSourceKind.Script, result.Kind);
        Assert.Equal(300, await shop.RowsAsync("orders"));
        Assert.True(result.Dropped);
        Assert.Null(result.KeptAs);
        Assert.Equal([shop.Database.Name], await shop.DatabasesAsync());
    }

    [Fact]
    public async Task A_target_that_is_not_there_is_made()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        var other = shop.Database.Name + "_2";

        var result = await shop.RestoreAsync(Shop.Of(dump, target: other));

        Assert.Equal(300, await shop.RowsAsync("orders", other));
        Assert.Null(result.KeptAs);
        Assert.Equal(0L, await shop.Database.ScalarAsync<long>(
            $"SELECT count(*) FROM pg_database WHERE datname = '{other}' AND shobj_description(oid, 'pg_database') IS NOT NULL", Shop.Token));
    }

    [Fact]
    public async Task What_belongs_to_the_database_itself_is_taken_over()
    {
        await using var shop = await Shop.CreateAsync();
        var role = "role_" + shop.Database.Name;
        var name = shop.Database.Name;
        await shop.Database.ExecuteAsync(
            $"""
            CREATE ROLE {role};
            ALTER DATABASE {name} SET search_path = "$user", public, "Odd, schema";
            ALTER DATABASE {name} SET default_transaction_read_only = on;
            ALTER DATABASE {name} SET "shop.flag" = 'it''s';
            ALTER ROLE "{role}" IN DATABASE {name} SET work_mem = '7MB';
            ALTER DATABASE {name} CONNECTION LIMIT 42;
            COMMENT ON DATABASE {name} IS 'the shop''s \ own';
            REVOKE CONNECT ON DATABASE {name} FROM PUBLIC;
            GRANT CONNECT, TEMPORARY ON DATABASE {name} TO "{role}" WITH GRANT OPTION;
            """, Shop.Token);
        var before = await FactsAsync(shop);
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");

        await shop.RestoreAsync(Shop.Of(dump, drop: true));

        Assert.Equal(before, await FactsAsync(shop), ignoreLineEndingDifferences: true);
        Assert.Equal(8, before.Split('|').Length);
        await ClearAsync(shop, name, role);
    }

    [Fact]
    public async Task Named_tables_come_into_a_database_of_their_own_with_all_definitions()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        var other = shop.Database.Name + "_2";

        var result = await shop.RestoreAsync(Shop.Of(dump, target: other, tables: ["public.ord*"]));

        Assert.Equal((300L, 0L, 1), (await shop.RowsAsync("orders", other), await shop.RowsAsync("customers", other), result.Tables));
        await shop.RefusesAsync(MigrationErrorCode.TargetInvalid, Shop.Of(dump, tables: ["orders"]));
        var error = await shop.RefusesAsync(MigrationErrorCode.TargetInvalid, Shop.Of(dump, target: other + "_3", tables: ["order"]));
        Assert.Contains("public.orders", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_refuse_and_force_ends_them_and_keeps_newcomers_out()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        await using var visitor = await shop.Database.OpenAsync(Shop.Token);
        await using var elsewhere = await TestDatabase.CreateAsync(Shop.Token);
        await using var bystander = await elsewhere.OpenAsync(Shop.Token);

        var error = await shop.RefusesAsync(MigrationErrorCode.DatabaseInUse, Shop.Of(dump));
        Assert.Contains(FormattableString.Invariant($"pid {visitor.ProcessID}, role {shop.Database.UserName}"), error.Message, StringComparison.Ordinal);

        using var stop = new CancellationTokenSource();
        var storm = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConnectAgainAndAgainAsync(shop, stop.Token)));
        shop.LockTimeout = TimeSpan.FromSeconds(30);
        var result = await shop.RestoreAsync(Shop.Of(dump, force: true));
        await stop.CancelAsync();
        await storm;

        Assert.InRange(result.EndedSessions, 1, int.MaxValue);
        Assert.Equal(1, await OneAsync(bystander));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OneAsync(visitor));
        Assert.Equal(300, await shop.RowsAsync("orders"));
    }

    [Fact]
    public async Task A_session_that_comes_meanwhile_stops_the_swap_and_nothing_is_left()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        var plan = await shop.PlanAsync(Shop.Of(dump));
        NpgsqlConnection? visitor = null;
        var observer = new RecordingObserver
        {
            OnEvent = told =>
            {
                if (told is ProgressChanged { Status: var status } && status.StartsWith("creating", StringComparison.Ordinal))
                {
                    visitor ??= shop.Database.OpenAsync(Shop.Token).GetAwaiter().GetResult();
                }
            },
        };

        var error = await Assert.ThrowsAsync<MigrationException>(() => shop.RunAsync(plan, observer));

        Assert.True(error.Code == MigrationErrorCode.DatabaseInUse, error.ToString());
        Assert.Contains("is as it was", error.DatabaseState, StringComparison.Ordinal);
        Assert.Equal([shop.Database.Name], await shop.DatabasesAsync());
        await visitor!.DisposeAsync();
    }

    static async Task<int> OneAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        return (int)(await command.ExecuteScalarAsync(Shop.Token))!;
    }

    static async Task ConnectAgainAndAgainAsync(Shop shop, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await shop.Database.OpenAsync(CancellationToken.None);
                await using var command = new NpgsqlCommand("SELECT pg_sleep(0.02)", connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // Ended, or too late: that is what they are for.
            }
        }
    }

    static async Task<string> FactsAsync(Shop shop) => string.Join('|', (await shop.Database.QueryAsync(
        """
        SELECT pg_get_userbyid(datdba)::text || datconnlimit || datcollate || datctype || encoding FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()
        UNION ALL (SELECT a.grantee || a.privilege_type || a.is_grantable FROM pg_database, aclexplode(datacl) AS a WHERE datname = current_database() AND grantee <> datdba ORDER BY 1)
        UNION ALL (SELECT setrole || setconfig::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database() ORDER BY 1)
        UNION ALL SELECT 'end'
        """, Shop.Token)).Select(row => (string)row[0]!));

    static async Task ClearAsync(Shop shop, string name, string role)
    {
        await using var connection = await shop.Database.OpenAsync(Shop.Token);
        string[] statements =
        [
            "SET default_transaction_read_only = off", $"ALTER DATABASE {name} RESET default_transaction_read_only",
            $"REVOKE ALL ON DATABASE {name} FROM {role}", $"DROP ROLE {role}",
        ];
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Shop.Token);
        }
    }
}
