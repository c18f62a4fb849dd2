using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.History;

/// <summary>A history table that is not what it seems: something else, somebody else's, hidden, or another one.</summary>
public class HistoryTrustTests
{
    const string Columns =
        "version bigint, description text, installed_on timestamptz, success boolean, checksum bytea, execution_time bigint";

    [Theory]
    [InlineData("a view", "CREATE VIEW {0} AS SELECT 1::bigint AS version, 'a'::text AS description, now() AS installed_on, {1} AS success, ''::bytea AS checksum, 1::bigint AS execution_time")]
    [InlineData("a materialized view", "CREATE MATERIALIZED VIEW {0} AS SELECT 1::bigint AS version, 'a'::text AS description, now() AS installed_on, {1} AS success, ''::bytea AS checksum, 1::bigint AS execution_time WITH NO DATA")]
    [InlineData("a foreign table", "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE {0} (" + Columns + ") SERVER s")]
    public async Task What_is_no_table_is_not_read_by_anybody(string kind, string create)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.Database.ExecuteAsync(
            "CREATE TABLE witness (who text); CREATE FUNCTION evil() RETURNS boolean LANGUAGE plpgsql AS "
            + "$$ BEGIN INSERT INTO public.witness VALUES (current_user); RETURN true; END $$",
            Workbench.Token);
        await fixture.Database.ExecuteAsync(string.Format(null, create, "_sqlx_migrations", "public.evil()"), Workbench.Token);

        var status = await Assert.ThrowsAsync<MigrationException>(fixture.StatusAsync);
        var findings = await TestAsync(fixture);
        var error = await fixture.FailsAsync(MigrationErrorCode.HistoryInvalid);

        Assert.Equal(MigrationErrorCode.HistoryInvalid, status.Code);
        Assert.Contains($"public._sqlx_migrations in {fixture.Database.Name}@", error.Message, StringComparison.Ordinal);
        Assert.Contains($"is {kind} and not a table", error.Message, StringComparison.Ordinal);
        var finding = Assert.Single(findings, f => f.RefusedAs == MigrationErrorCode.HistoryInvalid);
        Assert.Equal(("public._sqlx_migrations", FindingSeverity.Error), (finding.DatabaseObject, finding.Severity));
        Assert.Equal(0, await fixture.CountAsync("witness"));
    }

    [Fact]
    public async Task A_partitioned_history_is_one()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(
            "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(), "
            + "success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL) PARTITION BY RANGE (version); "
            + "CREATE TABLE h PARTITION OF _sqlx_migrations DEFAULT",
            Workbench.Token);
        fixture.Folder.Add("1_a.sql", "SELECT 1;");

        await fixture.UpAsync();

        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_table_of_a_stranger_can_be_looked_at_and_is_never_written_to()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var stranger = await fixture.Database.CreateRoleAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync($"ALTER TABLE _sqlx_migrations OWNER TO \"{stranger.Name}\"", Workbench.Token);
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        var observer = new RecordingObserver();

        var status = await fixture.Open().Migrations.GetStatusAsync(observer, Workbench.Token);
        var finding = Assert.Single(await TestAsync(fixture), f => f.RefusedAs == MigrationErrorCode.OwnerUntrusted);
        var error = await fixture.FailsAsync(MigrationErrorCode.OwnerUntrusted, new() { Force = true });

        Assert.Equal([MigrationState.Applied, MigrationState.Pending], status.Select(s => s.State));
        Assert.Contains(stranger.Name, Assert.Single(observer.Told<WarningRaised>()).Message, StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains(stranger.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("trustedOwners", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("1:ok", await fixture.HistoryAsync());
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 'b'"));
    }

    [Theory]
    [InlineData("GRANT \"{stranger}\" TO \"{middle}\"; GRANT \"{middle}\" TO \"{me}\"")]
    [InlineData("ALTER DATABASE \"{database}\" OWNER TO \"{stranger}\"")]
    [InlineData("ALTER ROLE \"{stranger}\" SUPERUSER")]
    [InlineData(null)]
    public async Task An_owner_that_somebody_vouches_for_is_written_to(string? vouch)
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var stranger = await fixture.Database.CreateRoleAsync();
        await using var middle = await fixture.Database.CreateRoleAsync();
        await using var me = await fixture.Database.CreateRoleAsync("ALTER ROLE {role} SUPERUSER");
        fixture.ConnectionString = me.ConnectionString;
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync($"ALTER TABLE _sqlx_migrations OWNER TO \"{stranger.Name}\"", Workbench.Token);
        fixture.Folder.Add("2_b.sql", "SELECT 1;");
        await fixture.FailsAsync(MigrationErrorCode.OwnerUntrusted);

        if (vouch is null)
        {
            await File.WriteAllTextAsync(
                Path.Combine(fixture.Folder.Path, "vividshift.json"), $$"""{ "trustedOwners": ["{{stranger.Name}}"] }""", Workbench.Token);
        }
        else
        {
            await fixture.Database.ExecuteAsync(
                vouch.Replace("{stranger}", stranger.Name, StringComparison.Ordinal).Replace("{middle}", middle.Name, StringComparison.Ordinal)
                    .Replace("{me}", me.Name, StringComparison.Ordinal).Replace("{database}", fixture.Database.Name, StringComparison.Ordinal),
                Workbench.Token);
        }

        await fixture.UpAsync();

        Assert.Equal("1:ok 2:ok", await fixture.HistoryAsync());
        // Or the role could not be dropped.
        await fixture.Database.ExecuteAsync($"ALTER DATABASE \"{fixture.Database.Name}\" OWNER TO CURRENT_USER; DROP TABLE _sqlx_migrations", Workbench.Token);
    }

    [Fact]
    public async Task Rows_that_a_policy_hides_are_an_error_and_nothing_runs_twice()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE counted (); CREATE TABLE a ();");
        await fixture.UpAsync();
        await using var role = await fixture.Database.CreateRoleAsync(
            "GRANT ALL ON SCHEMA public TO {role}", "GRANT ALL ON _sqlx_migrations TO {role}", "ALTER TABLE _sqlx_migrations ENABLE ROW LEVEL SECURITY");
        fixture.ConnectionString = role.ConnectionString;

        var status = await Assert.ThrowsAsync<MigrationException>(fixture.StatusAsync);
        var error = await fixture.FailsAsync(MigrationErrorCode.PermissionDenied);
        var finding = Assert.Single(await TestAsync(fixture), f => f.RefusedAs == MigrationErrorCode.PermissionDenied);

        Assert.All([status.Message, error.Message, finding.Message], m => Assert.Contains("Row-level security hides rows", m, StringComparison.Ordinal));
        Assert.Contains("BYPASSRLS", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Theory]
    [InlineData("ALTER DATABASE \"{database}\" SET search_path = other, public", "")]
    [InlineData("ALTER ROLE \"{role}\" SET search_path = other", "")]
    [InlineData("SELECT 1", ";Options=-c search_path=other")]
    [InlineData("SELECT 1", ";Search Path=other")]
    public async Task A_search_path_that_moved_is_told_and_nothing_runs_twice(string move, string option)
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var role = await fixture.Database.CreateRoleAsync("CREATE SCHEMA other AUTHORIZATION {role}", "GRANT ALL ON SCHEMA public TO {role}");
        fixture.ConnectionString = role.ConnectionString;
        fixture.Folder.Add("1_a.sql", "CREATE TABLE IF NOT EXISTS public.acc (bal int); INSERT INTO public.acc VALUES (50);");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync(
            move.Replace("{database}", fixture.Database.Name, StringComparison.Ordinal).Replace("{role}", role.Name, StringComparison.Ordinal), Workbench.Token);
        fixture.ConnectionString += option;
        // Not empty, so it is found first where both schemas are in the path.
        await fixture.Database.ExecuteAsync($"SET ROLE \"{role.Name}\"; CREATE TABLE other._sqlx_migrations (LIKE public._sqlx_migrations INCLUDING ALL)", Workbench.Token);
        var observer = new RecordingObserver();

        var status = await fixture.Open().Migrations.GetStatusAsync(observer, Workbench.Token);
        var finding = Assert.Single(await TestAsync(fixture), f => f.RefusedAs == MigrationErrorCode.HistoryElsewhere);
        var error = await fixture.FailsAsync(MigrationErrorCode.HistoryElsewhere);

        Assert.Equal([MigrationState.Pending], status.Select(s => s.State));
        Assert.Contains("public._sqlx_migrations", Assert.Single(observer.Told<WarningRaised>()).Message, StringComparison.Ordinal);
        Assert.Contains("other._sqlx_migrations", finding.Message, StringComparison.Ordinal);
        Assert.Contains("table-name = \"public._sqlx_migrations\"", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(1, await fixture.CountAsync("public.acc"));
        Assert.Equal(0, await fixture.CountAsync("other._sqlx_migrations"));

        await fixture.UpAsync(new() { Force = true });

        Assert.Equal(2, await fixture.CountAsync("public.acc"));
        Assert.Equal(1, await fixture.CountAsync("other._sqlx_migrations"));
    }

    [Fact]
    public async Task A_name_with_a_schema_is_meant_as_it_is()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync("CREATE SCHEMA tenant", Workbench.Token);
        await File.WriteAllTextAsync(
            Path.Combine(fixture.Folder.Path, "sqlx.toml"), "[migrate]\ntable-name = \"tenant._sqlx_migrations\"\n", Workbench.Token);

        await fixture.UpAsync();

        Assert.Equal(1, await fixture.CountAsync("tenant._sqlx_migrations"));
    }

    [Fact]
    public async Task Undoing_where_the_history_is_elsewhere_is_refused_too()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.up.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("1_a.down.sql", "DROP TABLE a;");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync("CREATE SCHEMA other", Workbench.Token);
        fixture.ConnectionString = fixture.Database.ConnectionString + ";Search Path=other";

        await fixture.FailsAsync(MigrationErrorCode.HistoryElsewhere, new() { Direction = MigrationDirection.Down });
    }

    [Fact]
    public async Task A_table_that_was_put_in_the_place_of_the_agreed_one_stops_the_run()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        var plan = await fixture.PlanAsync();
        await fixture.Database.ExecuteAsync(
            "ALTER TABLE _sqlx_migrations RENAME TO aside; CREATE TABLE _sqlx_migrations (LIKE aside INCLUDING ALL); INSERT INTO _sqlx_migrations SELECT * FROM aside",
            Workbench.Token);

        var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.RunAgreedAsync(plan, new RecordingObserver()));

        Assert.Equal(MigrationErrorCode.PlanChanged, error.Code);
        Assert.Contains("history table", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 'b'"));
    }

    [Fact]
    public async Task A_trigger_of_the_users_on_history_sees_the_users_settings()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync(
            """
            CREATE SCHEMA audit; CREATE TABLE audit.log (version bigint, deed text);
            CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO log VALUES (coalesce(NEW.version, OLD.version), TG_OP); RETURN NULL; END $$;
            CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON _sqlx_migrations FOR EACH ROW EXECUTE FUNCTION audit.note();
            """, Workbench.Token);
        fixture.ConnectionString = fixture.Database.ConnectionString + ";Search Path=public,audit";
        fixture.Folder.Add("2_b.sql", "SET search_path = pg_catalog; SELECT 1;");
        fixture.Folder.Add("3_c.sql", "-- no-transaction\nSET search_path = pg_catalog; SELECT 1;");

        await fixture.UpAsync();

        Assert.Equal("1:ok 2:ok 3:ok", await fixture.HistoryAsync());
        Assert.Equal(2, await fixture.CountAsync("audit.log WHERE deed = 'INSERT'"));
        Assert.Equal(1, await fixture.CountAsync("audit.log WHERE deed = 'UPDATE' AND version = 3"));
    }

    [Theory]
    [InlineData("CREATE TABLE b ();", "0")]
    [InlineData("-- no-transaction\nCREATE TABLE b ();", "0")]
    public async Task A_trigger_that_swallows_the_row_takes_the_migration_back(string sql, string tables)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync(
            """
            CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            CREATE TRIGGER swallow BEFORE INSERT ON _sqlx_migrations FOR EACH ROW EXECUTE FUNCTION swallow();
            """, Workbench.Token);
        fixture.Folder.Add("2_b.sql", sql);

        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);

        Assert.Contains(
            "the row of migration 2 was not written to public._sqlx_migrations: a trigger or a policy of the table swallowed it", error.Message, StringComparison.Ordinal);
        Assert.Equal(tables, (await fixture.CountAsync("pg_class WHERE relname = 'b'")).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_description_keeps_its_backslashes_and_quotes_however_strings_are_read()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync($"ALTER DATABASE \"{fixture.Database.Name}\" SET standard_conforming_strings = off", Workbench.Token);
        await fixture.Database.ExecuteAsync($"ALTER DATABASE \"{fixture.Database.Name}\" SET escape_string_warning = off", Workbench.Token);
        fixture.Folder.Add(@"1_it's_a_\'backslash'.sql", "SELECT 1;");

        await fixture.UpAsync();

        Assert.Equal([MigrationState.Applied], (await fixture.StatusAsync()).Select(s => s.State));
        Assert.Equal(@"it's a \'backslash'", await fixture.Database.ScalarAsync<string>("SELECT description FROM _sqlx_migrations", Workbench.Token));
    }

    static Task<IReadOnlyList<Finding>> TestAsync(Workbench fixture) =>
        fixture.Open().Migrations.TestAsync(rollback: false, new RecordingObserver(), Workbench.Token);
}
