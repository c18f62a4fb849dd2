using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests;

public sealed class CompletionTests : IDisposable
{
    readonly MigrationFolder _folder = new();
    readonly PowerShellSession _session;

    public CompletionTests()
    {
        _folder.Add("migrations/20250926152953_initial_schema.up.sql", "SELECT 1;");
        _folder.Add("migrations/20250926152953_initial_schema.down.sql", "SELECT 1;");
        _folder.Add("migrations/20250927100000_add_user_profiles.sql", "SELECT 1;");
        _folder.Add("migrations/readme.md", "No migration.");
        _folder.Add("[other]/7_other.sql", "SELECT 1;");
        _folder.Add("vividshift.json", "{ \"databases\": { \"orders\": {}, \"billing\": {} } }");
        _folder.Add("vividshift.staging.json", "{}");
        _folder.Add("vividshift.production.json", "{ \"databases\": { \"archive\": {} } }");
        _folder.Add("vividshift.schema.json", "{}");
        _folder.Add("broken.json", "{");
        _session = new PowerShellSession(_folder.Path);
    }

    [Theory]
    [InlineData("Invoke-VsMigration -Target ", new[] { "20250926152953", "20250927100000" })]
    [InlineData("Undo-VsMigration -To 20250927", new[] { "20250927100000" })]
    [InlineData("Get-VsMigrationPlan -Version profile", new[] { "20250927100000" })]
    [InlineData("Invoke-VsMigration -Path ./migrations, ./nowhere -Target initial", new string[0])]
    [InlineData("Invoke-VsMigration -LiteralPath ./[other] -Target ", new[] { "7" })]
    [InlineData("Invoke-VsMigration -Path $unknown.Folder -Target 20250926", new[] { "20250926152953" })]
    [InlineData("Get-VsMigrationStatus -Environment ", new[] { "production", "staging" })]
    [InlineData("Get-VsMigrationStatus -Environment st", new[] { "staging" })]
    [InlineData("Get-VsMigrationStatus -Database ", new[] { "billing", "orders" })]
    [InlineData("Get-VsMigrationStatus -Database o", new[] { "orders" })]
    [InlineData("Get-VsMigrationStatus -Environment production -Database ", new[] { "billing", "orders", "archive" })]
    [InlineData("Get-VsMigrationStatus -ConfigurationPath broken.json -Database ", new string[0])]
    [InlineData("Get-VsMigrationStatus -Environment nowhere -Database ", new string[0])]
    [InlineData("Invoke-VsMigration -Transaction ", new[] { "All", "PerMigration" })]
    public void Tab_offers_what_the_files_hold(string line, string[] expected) =>
        Assert.Equal(expected, Offered(line).Select(match => match.Text));

    [Fact]
    public void A_version_comes_with_its_description() =>
        Assert.Equal(["initial schema", "add user profiles"], Offered("Invoke-VsMigration -Target ").Select(match => match.Hint));

    // PowerShell falls back to file names when a completer offers nothing; those are not ours.
    List<(string Text, string Hint)> Offered(string line) =>
    [
        .. _session.Complete(line).CompletionMatches
            .Where(match => match.ResultType == System.Management.Automation.CompletionResultType.ParameterValue)
            .Select(match => (match.CompletionText, match.ToolTip)),
    ];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }
}
