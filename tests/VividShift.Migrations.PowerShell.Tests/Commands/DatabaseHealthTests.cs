using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class DatabaseHealthTests
{
    const string Orphans = """
        CREATE TABLE parents (id bigint PRIMARY KEY);
        CREATE TABLE children (id bigint PRIMARY KEY, parent_id bigint REFERENCES parents);
        SET session_replication_role = replica;
        INSERT INTO children VALUES (1, 42);
        """;

    static async Task<Workbench> PlantedAsync()
    {
        var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(Orphans);
        return fixture;
    }

    [Fact]
    public async Task Findings_come_worst_first_and_filter_by_severity()
    {
        await using var fixture = await PlantedAsync();

        var findings = fixture.Run("Test-VsDatabase -Constraint -Index").WithoutErrors().OutputOf<Finding>();

        Assert.Equal(["BrokenForeignKey", "ForeignKeyWithoutIndex"], findings.Select(f => f.Rule));
        Assert.Equal("public.children.children_parent_id_fkey", findings[0].DatabaseObject);
        Assert.Single(fixture.Run("Test-VsDatabase -Constraint | Where-Object Severity -eq Error").WithoutErrors().Output);
    }

    [Fact]
    public async Task Quiet_is_false_for_an_error_and_true_for_less()
    {
        await using var fixture = await PlantedAsync();

        Assert.Equal([false], fixture.Run("Test-VsDatabase -Constraint -Quiet").WithoutErrors().OutputOf<bool>());
        Assert.Equal([true], fixture.Run("Test-VsDatabase -Index -Quiet").WithoutErrors().OutputOf<bool>());
    }

    [Fact]
    public async Task The_projects_own_checks_are_found_in_the_folder_or_where_they_are_named()
    {
        await using var fixture = await PlantedAsync();
        fixture.Folder.Add("checks/no-children.sql", "-- severity: warning\n-- message: There are children.\nSELECT id FROM children;\n");
        fixture.Folder.Add("other/typo.sql", "SELECT id\nFROM nowhere;\n");

        var found = Assert.Single(fixture.Run("Test-VsDatabase | Where-Object Path").WithoutErrors().OutputOf<Finding>());
        Assert.Equal(("no-children", FindingSeverity.Warning, "There are children."), (found.Rule, found.Severity, found.Message));
        var invalid = Assert.Single(fixture.Run("Test-VsDatabase -CheckPath other/*.sql | Where-Object Path").WithoutErrors().OutputOf<Finding>());
        Assert.Equal(("CheckInvalid", 2, 6), (invalid.Rule, invalid.Line, invalid.Column));
        Assert.StartsWith(
            "PathNotFound", fixture.Run("Test-VsDatabase -CheckPath nowhere").OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_names_the_object_and_fits_and_the_list_holds_the_SQL_that_fixes_it()
    {
        await using var fixture = await PlantedAsync();

        var table = fixture.Session.Show("Test-VsDatabase -Constraint -Index");
        Assert.Matches("(?m)^Severity +Rule +Place +Message$", table);
        Assert.Contains("public.children.children", table, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        var list = fixture.ListView("VividShift.Migrations.Format.ps1xml", "VividShift.Migrations.Diagnostics.Finding", "Test-VsDatabase -Constraint");
        Assert.Equal(["Severity", "Rule", "DatabaseObject", "Message", "Evidence", "RecommendedAction", "FixSql"], list.Keys);
        Assert.Equal("1 row with the key ('42').", list["Evidence"]);
        Assert.StartsWith("UPDATE ONLY public.children AS c SET parent_id = NULL\n", list["FixSql"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_of_a_database_is_no_command_of_a_build_agent()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE \"##vso[task.complete]\" (n int)");

        Assert.DoesNotContain("##vso[", fixture.Session.Show("Test-VsDatabase"), StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[", fixture.Session.Show("& { 1; Test-VsDatabase }"), StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[", fixture.Session.Show("& { 1; Get-VsDatabase -Detailed }"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overview_has_figures_and_the_state_of_migrations()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration -Count 2").WithoutErrors();

        var overview = Assert.Single(fixture.Run("Get-VsDatabase").WithoutErrors().OutputOf<DatabaseOverview>());

        Assert.Equal((2, 2, 1), ((int)overview.MigrationVersion!, overview.AppliedMigrations, overview.PendingMigrations));
        Assert.Equal(fixture.Database.Name, overview.Database.Database);
        Assert.Empty(overview.Settings);
        Assert.NotEmpty(Assert.Single(fixture.Run("Get-VsDatabase -Detailed").WithoutErrors().OutputOf<DatabaseOverview>()).Settings);
        var table = fixture.Session.Show("Get-VsDatabase");
        Assert.Matches("(?m)^Database +Server +Size +Connections +Migration$", table);
        Assert.Matches(@"(?m) [0-9.]+ [kMG]B +[0-9]+ / [0-9]+ +2, 1 pending$", table);
        Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        var list = fixture.ListView("VividShift.Migrations.Health.Format.ps1xml", "VividShift.Migrations.Health.DatabaseOverview", "Get-VsDatabase");
        Assert.Equal("2, 1 pending", list["Migration"]);
        Assert.Matches(@"^PostgreSQL [0-9]+\.[0-9]+$", list["Server"]);
        Assert.Matches("^[0-9]+ of [0-9]+, [0-9]+ of them to this database$", list["Connections"]);
        Assert.Matches("(?m)^public\\._sqlx_migrations [0-9.]+ kB$", list["LargestTables"]);
        Assert.DoesNotContain("Settings", list.Keys);
        Assert.DoesNotContain("Standbys", list.Keys);
    }
}
