using System.Diagnostics;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Tests.Running;

/// <summary>The script of a plan, run by the real psql, leaves what a run leaves.</summary>
public class PlanSqlTests
{
    [Theory]
    [InlineData(TransactionMode.PerMigration, true)]
    [InlineData(TransactionMode.All, false)]
    public async Task Psql_reaches_the_same_end_state_by_the_script(TransactionMode mode, bool outside)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_it's_a.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;");
        fixture.Folder.Add("2_b.up.sql", "SELECT set_config('search_path', '', false); CREATE TABLE public.b (i int, t text);\nCOPY public.b FROM stdin;\n1\ta;b\n\\.\n-- the end");
        fixture.Folder.Add("2_b.down.sql", "DROP TABLE public.b");
        if (outside)
        {
            fixture.Folder.Add("3_c.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY b_i ON public.b (i)");
            fixture.Folder.Add("3_c.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY b_i");
        }

        await using var other = await fixture.Database.CloneAsync(Workbench.Token);
        var request = new PlanRequest { Transaction = mode };
        await RunPsqlAsync(other.Url, PlanSql.Render(await fixture.PlanAsync(request)));
        await fixture.UpAsync(request);
        const string Rows = "SELECT string_agg(format('%s %s %s %s', version, description, success, checksum), ', ' ORDER BY version) FROM _sqlx_migrations";
        Assert.Equal(await fixture.Database.ScalarAsync<string>(Rows, Workbench.Token), await other.ScalarAsync<string>(Rows, Workbench.Token));
        Assert.Equal(await fixture.Database.SchemaDumpAsync(Workbench.Token), await other.SchemaDumpAsync(Workbench.Token));
        Assert.Equal("a;b", await other.ScalarAsync<string>("SELECT t FROM public.b", Workbench.Token));

        fixture.ConnectionString = other.ConnectionString;
        Assert.All(await fixture.StatusAsync(), s => Assert.Equal(MigrationState.Applied, s.State));
        await RunPsqlAsync(other.Url, PlanSql.Render(await fixture.PlanAsync(new() { Direction = MigrationDirection.Down, Count = outside ? 2 : 1 })));
        Assert.Equal(1L, await other.ScalarAsync<long>("SELECT count(*) FROM _sqlx_migrations", Workbench.Token));
    }

    static async Task RunPsqlAsync(string url, string script)
    {
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-d", url, "-f", "-"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using var psql = Process.Start(start)!;
        var errors = psql.StandardError.ReadToEndAsync(Workbench.Token);
        var output = psql.StandardOutput.ReadToEndAsync(Workbench.Token);
        await psql.StandardInput.WriteAsync(script.AsMemory(), Workbench.Token);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync(Workbench.Token);
        await output;
        Assert.True(psql.ExitCode == 0, await errors + "\n" + script);
    }
}
