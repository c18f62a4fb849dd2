using System.Globalization;
using System.Text.Json;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Engine.Tests.History;

/// <summary>What sqlx wrote is accepted, and what is written here is what sqlx writes (sqlx-golden.json).</summary>
public class SqlxContractTests
{
    static readonly JsonElement Golden = JsonDocument.Parse(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "sqlx-golden.json"))).RootElement;

    // sqlx's own DDL; of what it wrote, the columns it names.
    const string SqlxTable = """
        CREATE TABLE IF NOT EXISTS _sqlx_migrations (
            version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
            success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL);
        """;

    /// <summary>Files that can run: no BOM, and their SQL does not need what is not there.</summary>
    static IEnumerable<JsonElement> Files => Golden.GetProperty("files").EnumerateArray().Concat(Golden.GetProperty("extra_files").EnumerateArray())
        .Where(f => !f.GetProperty("has_bom").GetBoolean());

    [Fact]
    public void The_lock_has_sqlxs_key()
    {
        foreach (var golden in Golden.GetProperty("locks").EnumerateArray())
        {
            Assert.Equal(
                long.Parse(golden.GetProperty("lock_id").GetString()!, CultureInfo.InvariantCulture),
                RunLock.KeyOf(golden.GetProperty("database").GetString()!));
        }

        foreach (var other in Golden.GetProperty("cross_checks").GetProperty("lock_third_party_expected").EnumerateObject())
        {
            Assert.Equal(long.Parse(other.Value.GetString()!, CultureInfo.InvariantCulture), RunLock.KeyOf(other.Name));
        }
    }

    [Fact]
    public async Task Rows_that_sqlx_wrote_are_accepted_as_applied()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(SqlxTable, Workbench.Token);
        var versions = new HashSet<long>();
        foreach (var file in Files.Where(f => f.GetProperty("expected").GetProperty("type").GetString() != "ReversibleDown"))
        {
            var expected = file.GetProperty("expected");
            if (!versions.Add(expected.GetProperty("version").GetInt64()))
            {
                continue;
            }

            fixture.Folder.Add(file.GetProperty("file_name").GetString()!, file.GetProperty("content_base64").GetBytesFromBase64());
            await fixture.Database.ExecuteAsync(
                FormattableString.Invariant($"INSERT INTO _sqlx_migrations VALUES ({expected.GetProperty("version").GetInt64()}, '{expected.GetProperty("description").GetString()}', now(), true, '\\x{expected.GetProperty("checksum_sha384_hex").GetString()}', 1234567)"),
                Workbench.Token);
        }

        var statuses = await fixture.StatusAsync();
        Assert.True(statuses.Count >= 9);
        Assert.All(statuses, s => Assert.Equal((MigrationState.Applied, null), (s.State, s.Problem)));
        Assert.Empty((await fixture.PlanAsync()).Steps);
        Assert.Empty((await fixture.PlanAsync()).Refusals);
    }

    [Fact]
    public async Task Rows_written_here_are_what_sqlx_writes()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE notes (body text)", Workbench.Token);
        var golden = Golden.GetProperty("files").EnumerateArray().Where(f => !f.GetProperty("has_bom").GetBoolean()).ToList();
        foreach (var file in golden)
        {
            fixture.Folder.Add(file.GetProperty("file_name").GetString()!, file.GetProperty("content_base64").GetBytesFromBase64());
        }

        await fixture.UpAsync();
        var rows = await fixture.Database.QueryAsync(
            "SELECT version, description, success, encode(checksum, 'hex'), execution_time, installed_on <= now() FROM _sqlx_migrations ORDER BY version", Workbench.Token);
        foreach (var (row, file) in rows.Zip(golden.OrderBy(f => f.GetProperty("expected").GetProperty("version").GetInt64())))
        {
            var expected = file.GetProperty("expected");
            Assert.Equal(
                [expected.GetProperty("version").GetInt64(), expected.GetProperty("description").GetString(), true, expected.GetProperty("checksum_sha384_hex").GetString()],
                row[..4]);
            Assert.InRange((long)row[4]!, 10_000, 60_000_000_000);
            Assert.Equal(true, row[5]);
        }

        Assert.Equal(golden.Count, rows.Count);
    }

    [Fact]
    public async Task The_table_made_here_is_sqlxs_to_the_column()
    {
        const string Columns = """
            SELECT string_agg(format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY attnum)
                   || (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ',') FROM pg_constraint WHERE conrelid = '_sqlx_migrations'::regclass AND contype <> 'n')
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = '_sqlx_migrations'::regclass AND attnum > 0
            """;
        await using var ours = await Workbench.CreateAsync();
        ours.Folder.Add("1_a.sql", "SELECT 1;");
        await ours.UpAsync();
        await using var sqlx = await Workbench.CreateAsync();
        await sqlx.Database.ExecuteAsync(SqlxTable, Workbench.Token);
        Assert.Equal(
            await sqlx.Database.ScalarAsync<string>(Columns, Workbench.Token),
            await ours.Database.ScalarAsync<string>(Columns, Workbench.Token));
    }

    [Fact]
    public async Task A_row_that_never_learnt_its_duration_is_accepted()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.Database.ExecuteAsync(
            SqlxTable + FormattableString.Invariant(
                $"INSERT INTO _sqlx_migrations VALUES (1, 'a', now(), true, '\\x{Checksum.Of("SELECT 1;"u8)}', -1)"),
            Workbench.Token);
        var status = Assert.Single(await fixture.StatusAsync());
        Assert.Equal((MigrationState.Applied, null), (status.State, status.Duration));
    }
}
