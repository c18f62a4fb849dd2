using VividShift.Migrations.Core.Tests.Planning;
using VividShift.Migrations.Diagnostics.Rules;

namespace VividShift.Migrations.Core.Tests.Diagnostics;

public class MigrationRulesTests
{
    [Fact]
    public void Every_rule_of_the_assembly_is_in_the_list_once() => Assert.Equal(
        typeof(IMigrationRule).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IMigrationRule)))
            .Select(t => t.Name).Order(StringComparer.Ordinal),
        MigrationRules.All.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("SELECT 'never ends", "UnterminatedString", 1, 8, true)]
    [InlineData("SELECT 1;\n\\i other.sql\n", "MetaCommand", 2, 1, true)]
    [InlineData("SELECT 1;\n  COMMIT;", "TransactionControl", 2, 3, true)]
    [InlineData("-- no-transaction\nSAVEPOINT s;", "TransactionControl", 2, 1, true)]
    [InlineData("SELECT 1;\nCOPY t TO STDOUT;", "CopyToClient", 2, 1, true)]
    [InlineData("\nCREATE INDEX CONCURRENTLY d ON c (i);", "SqlxNeedsHeader", 2, 1, false)]
    [InlineData("-- no-transaction\nANALYZE c;\nVACUUM c;", "SqlxRunsOneStatement", 3, 1, false)]
    [InlineData("COPY c FROM stdin;\n1\n\\.\n", "SqlxCannotCopy", 1, 1, false)]
    [InlineData("-- nothing\n", "EmptyMigration", null, null, false)]
    public void A_script_is_found_at_fault_with_its_place(string sql, string rule, int? line, int? column, bool refuses)
    {
        var script = MigrationScript.Of(PlanScenario.File("1_a.sql", sql));
        var finding = Assert.Single(MigrationRules.CheckScript(script));

        Assert.Equal((rule, line, column, refuses, 1L), (finding.Rule, finding.Line, finding.Column, finding.Refuses, finding.Version));
        Assert.Equal("/m/1_a.sql", finding.Path);
        // The place is a property of its own: reports and views show it beside the sentence.
        Assert.DoesNotContain("/m/1_a.sql", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_history_files_are_judged_alone()
    {
        var scenario = new PlanScenario().With(1, down: null).WithRow(2);
        var findings = MigrationRules.Check(new() { Catalog = scenario.Context.Catalog, Scripts = [] });
        Assert.Equal("DownScriptMissing", Assert.Single(findings).Rule);
    }
}
