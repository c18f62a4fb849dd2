using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Backup;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Backup.Verification;

public sealed class TableFingerprintTests
{
    const string EveryType =
        """
        CREATE TYPE mood AS ENUM ('glad', 'sad');
        CREATE DOMAIN email AS text CHECK (value LIKE '%@%');
        CREATE TYPE pair AS (a int, b text);
        CREATE SCHEMA "Odd Name";
        CREATE TABLE "Odd Name"."a 'table'" (
            "Id" bigint PRIMARY KEY, b boolean, s smallint, i integer, r real, d double precision, n numeric, t text, v varchar(9), c char(5),
            q "char", nm name, by bytea, u uuid, da date, ti time, tz timetz, ts timestamp, tt timestamptz, iv interval, j json, jb jsonb,
            x xml, o oid, ip inet, ci cidr, mac macaddr, m mood, ms mood[], e email, p pair, pt point, mo money, ta text[], rc regclass, bi bit(3),
            ra int4range, tv tsvector, g bigint GENERATED ALWAYS AS ("Id" * 2) STORED, dropped int);
        ALTER TABLE "Odd Name"."a 'table'" DROP COLUMN dropped;
        INSERT INTO "Odd Name"."a 'table'" VALUES
            (1, true, 2, 3, 1.5, 2.5, 3.50, 'text', 'v', 'c', 'q', 'nm', '\x00ff', '00000000-0000-0000-0000-000000000001', 'infinity', '12:00',
             '12:00+02', '-infinity', '2026-01-01 00:00+02', '1 mon', '{"a": 1}', '{"a": 1}', '<a/>', 7, '10.0.0.1', '10.0.0.0/8',
             '08:00:2b:01:02:03', 'glad', '{glad,sad}', 'a@b', '(1,x)', '(1,2)', 12.5, '{a,NULL}', 'pg_class', '101', '[1,3)', 'a b');
        INSERT INTO "Odd Name"."a 'table'" ("Id") VALUES (2);
        CREATE TABLE nothing ();
        INSERT INTO nothing DEFAULT VALUES;
        CREATE TABLE empty (id int);
        """;

    [Fact]
    public async Task Every_type_is_hashed_and_the_order_of_rows_does_not_count()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(EveryType);
        var before = await ReadAsync(fixture);
        await fixture.Database.ExecuteAsync("""UPDATE "Odd Name"."a 'table'" SET i = i WHERE "Id" = 1""");

        Assert.Equal(["a 'table'", "empty", "nothing"], before.Select(table => table.Table));
        Assert.Equal([2L, 0, 1], before.Select(table => table.Rows));
        Assert.NotEqual("0", before[0].Hash);
        Assert.Equal("0", before[1].Hash);
        Assert.Equal(before, await ReadAsync(fixture));
    }

    [Fact]
    public async Task A_change_of_any_column_changes_the_hash()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(EveryType);
        var columns = await fixture.Database.QueryAsync(
            """
            SELECT quote_ident(attname) FROM pg_attribute
            WHERE attrelid = '"Odd Name"."a ''table''"'::regclass AND attnum > 1 AND NOT attisdropped AND attgenerated = ''
            """);
        var seen = new HashSet<string>(StringComparer.Ordinal) { (await ReadAsync(fixture))[0].Hash };

        foreach (var column in columns.Select(row => (string)row[0]!))
        {
            await fixture.Database.ExecuteAsync($"""UPDATE "Odd Name"."a 'table'" SET {column} = NULL WHERE "Id" = 1""");
            Assert.True(seen.Add((await ReadAsync(fixture))[0].Hash), $"{column} does not count");
        }

        Assert.Equal(37, columns.Count);
    }

    [Fact]
    public async Task Values_that_change_places_change_the_hash()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE t (a int, b int, c text); INSERT INTO t VALUES (1, 2, 'x'), (3, 4, NULL), (5, NULL, 'x')");
        var before = Assert.Single(await ReadAsync(fixture));

        foreach (var change in new[]
        {
            "UPDATE t SET a = b, b = a WHERE a = 1", "UPDATE t SET c = CASE a WHEN 1 THEN NULL ELSE 'x' END WHERE a < 4",
            "UPDATE t SET a = b, b = a WHERE b IS NULL", "INSERT INTO t VALUES (1, 2, 'x'), (1, 2, 'x')",
        })
        {
            await using var copy = await fixture.Database.CloneAsync();
            await copy.ExecuteAsync(change);
            Assert.NotEqual(before.Hash, Assert.Single(await ReadAsync(fixture, copy.ConnectionString)).Hash);
        }
    }

    [Fact]
    public async Task A_value_has_the_hash_that_it_always_had()
    {
        await using var fixture = await Workbench.CreateAsync();
        // A backup of years ago must compare: these figures change together with ColumnHash.Method or not at all.
        await fixture.Database.ExecuteAsync(
            """
            CREATE TABLE moments (id int, at timestamptz, note text);
            INSERT INTO moments VALUES (1, '2026-07-01 12:00:00.123456+02', 'summer'), (2, '2026-01-01 12:00+01', 'winter'),
                (3, 'infinity', NULL), (4, '-infinity', ''), (5, '0044-03-15 12:00+00 BC', 'ides'), (6, NULL, NULL);
            ALTER DATABASE
            """.Replace("ALTER DATABASE", $"ALTER DATABASE {fixture.Database.Name} SET TimeZone = 'Europe/Berlin'", StringComparison.Ordinal));
        Assert.Equal(new("public", "moments", 6, "-13836375620247417507"), Assert.Single(await ReadAsync(fixture)));

        // Neither does it matter how the server knows that there is no null.
        await fixture.Database.ExecuteAsync("ALTER TABLE moments ALTER COLUMN id SET NOT NULL");
        Assert.Equal(new("public", "moments", 6, "-13836375620247417507"), Assert.Single(await ReadAsync(fixture)));
    }

    [Fact]
    public async Task What_is_read_is_the_snapshot()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 1000)");
        var database = await ResolveAsync(fixture);
        await using var owner = await Session.OpenAsync(database, SessionPurpose.ReadOnly, new RecordingObserver(), Workbench.Token);
        var snapshot = await Snapshot.ExportAsync(owner, Workbench.Token);
        await fixture.Database.ExecuteAsync("DELETE FROM t WHERE a > 10");

        var catalogue = await FingerprintCatalogue.ReadAsync(owner, Workbench.Token);
        var hashes = new TableFingerprints(database, new RecordingObserver());

        Assert.Equal(1000, Assert.Single(await hashes.ComputeAsync(catalogue.Tables, snapshot, 2, Workbench.Token)).Rows);
        Assert.Equal(10, Assert.Single(await hashes.ComputeAsync(catalogue.Tables, null, 2, Workbench.Token)).Rows);
    }

    [Fact]
    public async Task Hundreds_of_tables_take_few_round_trips_and_partitions_stand_for_themselves()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(
            """
            CREATE TABLE parted (id int) PARTITION BY RANGE (id);
            DO $$ BEGIN FOR i IN 0..299 LOOP
                EXECUTE format('CREATE TABLE %I PARTITION OF parted FOR VALUES FROM (%s) TO (%s)', 'p' || i, i * 10, i * 10 + 10);
            END LOOP; END $$;
            INSERT INTO parted SELECT generate_series(0, 2999);
            CREATE MATERIALIZED VIEW seen AS SELECT count(*) FROM parted;
            """);
        var observer = new RecordingObserver();
        var found = await ReadAsync(fixture, observer: observer);

        Assert.Equal(300, found.Count);
        Assert.All(found, table => Assert.Equal(10, table.Rows));
        Assert.InRange(observer.Told<StatementSent>().Count, 8, 8);
    }

    static async Task<IReadOnlyList<TableFingerprint>> ReadAsync(Workbench fixture, string? database = null, RecordingObserver? observer = null)
    {
        var resolved = await ResolveAsync(fixture, database);
        await using var session = await Session.OpenAsync(resolved, SessionPurpose.ReadOnly, new RecordingObserver(), Workbench.Token);
        var catalogue = await FingerprintCatalogue.ReadAsync(session, Workbench.Token);
        return await new TableFingerprints(resolved, observer ?? new()).ComputeAsync(catalogue.Tables, null, 2, Workbench.Token);
    }

    static Task<ResolvedDatabase> ResolveAsync(Workbench fixture, string? database = null) =>
        fixture.Opened.Open(new() { Database = new() { WorkingFolder = fixture.Folder.Path, ConnectionString = database ?? fixture.Database.ConnectionString } })
            .Opened.ResolveAsync(new RecordingObserver(), Workbench.Token);
}
