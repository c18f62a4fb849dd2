using VividShift.Migrations.Planning;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

public sealed class BackupRestoreTests
{
    [Fact]
    public async Task A_backup_is_compared_before_the_swap()
    {
        await using var shop = await Shop.CreateAsync();
        await MigrateAsync(shop, 1);
        var backup = await shop.BackUpAsync();
        await shop.Database.ExecuteAsync("DELETE FROM orders", Shop.Token);
        await MigrateAsync(shop, 2);

        var result = await shop.RestoreAsync(Shop.Of(backup.Folder));

        Assert.Equal((true, 4, 321L, 1L), (result.Verified, result.Tables, result.Rows, result.MigrationVersion));
        Assert.Equal(RestoreSourceKind.Backup, result.Kind);
        Assert.Equal(300, await shop.RowsAsync("orders"));
        Assert.Equal(2, await shop.RowsAsync("_sqlx_migrations", result.KeptAs));
    }

    [Fact]
    public async Task Everything_has_statistics_before_anyone_queries_it()
    {
        await using var shop = await Shop.CreateAsync();
        await shop.Database.ExecuteAsync(
            """
            CREATE INDEX ON customers (lower(name));
            CREATE STATISTICS both_columns (dependencies) ON customer, total FROM orders;
            CREATE TABLE p (id int) PARTITION BY RANGE (id);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100);
            INSERT INTO p SELECT generate_series(1, 50);
            CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(total) FROM orders GROUP BY 1;
            """, Shop.Token);
        var backup = await shop.BackUpAsync();

        await shop.RestoreAsync(Shop.Of(backup.Folder));

        var gathered = await shop.Database.QueryAsync(
            """
            SELECT DISTINCT tablename::text FROM pg_stats WHERE schemaname = 'public'
            UNION SELECT stxname::text FROM pg_statistic_ext e JOIN pg_statistic_ext_data d ON d.stxoid = e.oid ORDER BY 1
            """, Shop.Token);
        Assert.Equal(["both_columns", "customers", "customers_lower_idx", "orders", "p", "p1", "totals"], gathered.Select(row => row[0]));
    }

    [Fact]
    public async Task The_newest_one_of_the_database_with_the_tag_is_found()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Folder.Add("vividshift.json", """{ "backups": "backups" }""");
        var first = await shop.BackUpAsync("keep");
        var second = await shop.BackUpAsync();

        Assert.Equal(second.Folder, (await shop.PlanAsync(Shop.Of(null))).Path);
        var tagged = new RestoreRequest { Tag = "k*" };
        Assert.Equal(first.Folder, (await shop.PlanAsync(tagged)).Path);
        await shop.RefusesAsync(MigrationErrorCode.BackupMissing, new RestoreRequest { Tag = "none" });
    }

    [Fact]
    public async Task One_flipped_byte_is_refused_before_anything_is_touched()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync();
        var file = backup.Manifest.Files.OrderByDescending(candidate => candidate.Size).First().Path;
        var path = Path.Combine(backup.Folder, file);
        var bytes = await File.ReadAllBytesAsync(path, Shop.Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Shop.Token);

        var error = await shop.RefusesAsync(MigrationErrorCode.BackupInvalid, Shop.Of(backup.Folder));

        Assert.Contains(Path.GetFileName(file), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_some_tables_never_replaces_a_database()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync(tables: ["customers"]);

        await shop.RefusesAsync(MigrationErrorCode.TargetInvalid, Shop.Of(backup.Folder));
    }

    [Fact]
    public async Task Named_tables_are_verified_as_well()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync();
        var other = shop.Database.Name + "_2";

        var result = await shop.RestoreAsync(Shop.Of(backup.Folder, target: other, tables: ["orders"]));

        Assert.Equal((true, 1, 300L), (result.Verified, result.Tables, result.Rows));
        Assert.Equal(0, await shop.RowsAsync("customers", other));
    }

    [Fact]
    public async Task A_run_with_a_backup_names_it_in_results_and_in_the_error()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Folder.Add("vividshift.json", """{ "backups": "backups" }""");
        shop.Folder.Add("migrations/1_good.sql", "CREATE TABLE good ();\n");
        shop.Folder.Add("migrations/2_bad.sql", "DELETE FROM orders; SELECT 1/0;\n");

        var error = await Assert.ThrowsAsync<MigrationException>(() => RunAsync(shop, backup: true));

        var result = Assert.Single(shop.Observer.Results);
        Assert.True(Directory.Exists(result.Backup));
        Assert.EndsWith("before-1", result.Backup, StringComparison.Ordinal);
        Assert.Contains($"Restore-VsDatabase -Path '{result.Backup}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("division by zero", error.Message, StringComparison.Ordinal);
        Assert.True((await shop.Open().Backups.ListAsync(new(), Shop.Token)).Backups.Single().Verified);

        await shop.RestoreAsync(Shop.Of(result.Backup, drop: true));
        Assert.False(await shop.Database.ScalarAsync<bool>("SELECT to_regclass('good') IS NOT NULL", Shop.Token));
    }

    [Fact]
    public async Task Down_scripts_and_the_backup_are_set_side_by_side()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Folder.Add("vividshift.json", """{ "backups": "backups" }""");
        await MigrateAsync(shop, 1);
        var backup = await shop.BackUpAsync();
        await MigrateAsync(shop, 2);
        await shop.Database.ExecuteAsync(
            "UPDATE customers SET name = 'other' WHERE id = 1; DELETE FROM orders WHERE id > 290; INSERT INTO t2 SELECT FROM generate_series(1, 5)", Shop.Token);
        var database = shop.Open();
        var plan = await database.Migrations.PlanAsync(new() { Direction = MigrationDirection.Down }, shop.Observer, Shop.Token);

        var compared = await database.Restores.CompareAsync(plan, shop.Observer, Shop.Token);

        Assert.Equal(backup.Folder, compared.Backup?.Folder);
        Assert.Equal(["DROP TABLE t2 (5 row(s)), migration 2", "DROP COLUMN orders.total (290 row(s)), migration 2"], compared.RollbackDataLosses.Select(loss => loss.ToString()));
        Assert.Equal(
            [
                "public.customers: 20 row(s), some of them changed since", "public.orders: 290 row(s) now, 300 in the backup",
                "public.t2: not in the backup, 5 row(s) would go",
            ],
            compared.RestoreLosses.Select(loss => loss.ToString()));
        Assert.NotNull(compared.AppliedIn);
        Assert.Null(compared.RestoredIn);
        Assert.Empty(compared.AlsoUndone);
    }

    static async Task MigrateAsync(Shop shop, int count)
    {
        for (var version = 1; version <= count; version++)
        {
            shop.Folder.Add(FormattableString.Invariant($"migrations/{version}_t.up.sql"), FormattableString.Invariant($"CREATE TABLE t{version} ();\n"));
            shop.Folder.Add(
                FormattableString.Invariant($"migrations/{version}_t.down.sql"),
                FormattableString.Invariant($"DROP TABLE t{version};\nALTER TABLE orders DROP CONSTRAINT IF EXISTS no, DROP COLUMN IF EXISTS total;\n"));
        }

        await RunAsync(shop, backup: false);
    }

    static async Task RunAsync(Shop shop, bool backup)
    {
        shop.Observer = new RecordingObserver();
        var database = shop.Open();
        var plan = await database.Migrations.PlanAsync(new(), shop.Observer, Shop.Token);
        plan.ThrowIfRefused();
        await shop.Observer.RunAsync(database, new() { Agreed = plan, AgreedSteps = plan.Steps.Count, Backup = backup }, Shop.Token);
    }
}
