using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

public sealed class ViewTests
{
    [Fact]
    public async Task Tables_fit_100_columns_and_have_at_most_five()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("20250926152953_a_name_that_is_rather_long_and_goes_on_for_quite_a_while_longer.sql", "-- no-transaction\nVACUUM;\n");

        foreach (var command in new[] { "Get-VsMigrationPlan", "Invoke-VsMigration -Count 3", "Get-VsMigrationStatus", "Test-VsMigration -Rollback" })
        {
            var lines = fixture.Session.Show(command).Split('\n').Where(line => line.Length > 0).ToList();

            Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
            Assert.InRange(lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, 3, 5);
            Assert.All(lines[1].Where(character => character != ' '), character => Assert.Equal('-', character));
        }
    }

    [Fact]
    public async Task A_status_shows_its_state_with_a_symbol()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration -Count 1").WithoutErrors();

        var shown = fixture.Session.Show("Get-VsMigrationStatus").Split('\n');

        Assert.Matches("^Version +Description +State +AppliedAt +Duration$", shown[1]);
        Assert.Matches("^1 +users += Applied +[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} +[0-9.]+ m?s$", shown[3]);
        Assert.Matches(@"^2 +orders +\+ Pending$", shown[4]);
    }

    [Fact]
    public async Task A_plan_says_which_step_is_not_one_transaction_and_as_a_list_why()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("0004_index.sql", "CREATE INDEX CONCURRENTLY notes_id ON notes (id);\n");

        var shown = fixture.Session.Show("Get-VsMigrationPlan").Split('\n');

        Assert.Matches(@"^\+ Apply +1 +users +1 yes$", shown[3]);
        Assert.Matches(@"^\+ Apply +4 +index +1 no *$", shown[6]);
        // What follows another type in one pipeline is shown as a list.
        Assert.Contains(
            "NonTransactionalReason : CREATE INDEX CONCURRENTLY cannot run inside a transaction",
            fixture.Session.Show("& { Get-VsMigrationStatus; (Get-VsMigrationPlan)[3] }"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_shows_what_became_of_it()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        var forwards = fixture.Session.Show("Invoke-VsMigration -Count 1").Split('\n');
        var backwards = fixture.Session.Show("Undo-VsMigration -Confirm:$false").Split('\n');

        Assert.Matches(@"^1 +users +\+ Applied +1 +[0-9.]+ m?s$", forwards[3]);
        Assert.Matches(@"^1 +users +- Reverted +1 +[0-9.]+ m?s$", backwards[3]);
    }
}
