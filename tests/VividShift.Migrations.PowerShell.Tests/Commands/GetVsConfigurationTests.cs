using VividShift.Migrations.Configuration;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class GetVsConfigurationTests : IDisposable
{
    const string Url = "postgresql://ann:Kq7xSecret@db.internal:5433/shop";

    readonly MigrationFolder _folder = new();
    readonly PowerShellSession _session;

    public GetVsConfigurationTests() => _session = new PowerShellSession(_folder.Path);

    [Fact]
    public void Settings_are_objects_with_a_name_a_value_and_a_source()
    {
        _folder.Add("vividshift.json", "{\n  \"lockTimeoutSec\": 5\n}");

        var settings = _session.Run($"Get-VsConfiguration -ConnectionString '{Url}'").WithoutErrors().OutputOf<ConfigurationSetting>();

        Assert.Contains(new ConfigurationSetting("server", "db.internal", "-ConnectionString"), settings);
        Assert.Contains(new ConfigurationSetting("password", "********", "-ConnectionString"), settings);
        Assert.Contains(new ConfigurationSetting("lockTimeoutSec", "5", "vividshift.json:2"), settings);
        Assert.Contains(new ConfigurationSetting("migrations", _folder.PathOf("migrations"), "default"), settings);
    }

    [Fact]
    public void The_environment_is_chosen_by_the_variable_and_by_the_parameter()
    {
        _folder.Add("vividshift.json", "{ \"server\": \"base\", \"lockTimeoutSec\": 5 }");
        _folder.Add("vividshift.staging.json", "{ \"server\": \"stage\" }");
        _folder.Add("vividshift.prod.json", "{ \"server\": \"production\", \"protected\": true }");
        // The .env stands for the environment: a variable of this process would reach the other tests.
        _folder.Add(".env", "ENVIRONMENT=staging\n");

        var byVariable = Settings("Get-VsConfiguration");
        Assert.Contains(new ConfigurationSetting("environment", "staging", "ENVIRONMENT (.env:1)"), byVariable);
        Assert.Contains(new ConfigurationSetting("server", "stage", "vividshift.staging.json:1"), byVariable);
        Assert.Contains(new ConfigurationSetting("protected", "false", "default"), byVariable);

        var byParameter = Settings("Get-VsConfiguration -Environment prod");
        Assert.Contains(new ConfigurationSetting("environment", "prod", "-Environment"), byParameter);
        Assert.Contains(new ConfigurationSetting("server", "production", "vividshift.prod.json:1"), byParameter);
        Assert.Contains(new ConfigurationSetting("lockTimeoutSec", "5", "vividshift.json:1"), byParameter);
        Assert.Contains(new ConfigurationSetting("protected", "true", "vividshift.prod.json:1"), byParameter);
    }

    [Theory]
    [InlineData("Get-VsConfiguration -Environment prdo", "vividshift.prdo.json", "Did you mean 'prod'?")]
    [InlineData("Get-VsConfiguration -ConfigurationPath other.json", "other.json", "does not exist")]
    [InlineData("Get-VsConfiguration -Environment prod", "vividshift.prod.json:3:3", "Did you mean 'server'?")]
    [InlineData("Get-VsConfiguration -Environment broken", "vividshift.broken.json:2:", "not valid JSON")]
    public void A_missing_or_malformed_file_is_named_with_its_line(string command, string place, string said)
    {
        _folder.Add("vividshift.json", "{}");
        _folder.Add("vividshift.prod.json", "{\n  \"port\": 5432,\n  \"servr\": \"x\"\n}");
        _folder.Add("vividshift.broken.json", "{\n  \"port\": 54e3x2\n}");

        var error = _session.Run(command).OnlyError();

        Assert.StartsWith("ConfigurationInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(_folder.PathOf(place), error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_is_chosen_by_its_name()
    {
        _folder.Add("vividshift.json", "{\n \"server\": \"db\",\n \"databases\": {\n  \"orders\": { \"migrations\": \"o\" },\n  \"billing\": {} } }");

        var settings = Settings("Get-VsConfiguration -Database orders");

        Assert.Contains(new ConfigurationSetting("databases:orders", "chosen", "vividshift.json:4"), settings);
        Assert.Contains(new ConfigurationSetting("databases:billing", "-Database billing", "vividshift.json:5"), settings);
        Assert.Contains(new ConfigurationSetting("database", "orders", "-Database"), settings);
        Assert.Contains(new ConfigurationSetting("migrations", _folder.PathOf("o"), "vividshift.json:4"), settings);
    }

    IReadOnlyList<ConfigurationSetting> Settings(string command) => _session.Run(command).WithoutErrors().OutputOf<ConfigurationSetting>();

    [Fact]
    public void Parameters_show_as_sources()
    {
        _session.Set("password", "Kq7xSecret");
        var run = _session.Run(
            "$s = [securestring]::new(); $password.ToCharArray() | ForEach-Object { $s.AppendChar($_) };"
            + " $c = [pscredential]::new('bob@tenant', $s);"
            + " Get-VsConfiguration -Server h -Port 6000 -Database d -Credential $c -LockTimeoutSec 3 -Path .");

        var settings = run.WithoutErrors().OutputOf<ConfigurationSetting>();
        Assert.Contains(new ConfigurationSetting("server", "h", "-Server"), settings);
        Assert.Contains(new ConfigurationSetting("port", "6000", "-Port"), settings);
        Assert.Contains(new ConfigurationSetting("database", "d", "-Database"), settings);
        Assert.Contains(new ConfigurationSetting("username", "bob@tenant", "-Credential"), settings);
        Assert.Contains(new ConfigurationSetting("password", "********", "-Credential"), settings);
        Assert.Contains(new ConfigurationSetting("lockTimeoutSec", "3", "-LockTimeoutSec"), settings);
        Assert.Contains(new ConfigurationSetting("migrations", _folder.Path, "-Path"), settings);
    }

    [Fact]
    public void The_environment_picks_the_overlay_and_Tab_knows_its_name()
    {
        _folder.Add("vividshift.json", "{ \"commandTimeoutSec\": 1 }");
        _folder.Add("vividshift.staging.json", "{ \"commandTimeoutSec\": 2 }");
        _folder.Add("vividshift.test.json", "{}");

        var run = _session.Run(
            $"Get-VsConfiguration -ConnectionString '{Url}' -Environment staging | Where Name -eq commandTimeoutSec").WithoutErrors();

        Assert.Equal(
            [new ConfigurationSetting("commandTimeoutSec", "2", "vividshift.staging.json:1")], run.OutputOf<ConfigurationSetting>());
        Assert.Equal(["staging", "test"], Complete("Get-VsConfiguration -Environment "));
        Assert.Equal(["staging"], Complete("Invoke-VsMigration -Environment S"));
    }

    [Fact]
    public void A_misspelt_setting_is_an_error_with_file_and_line()
    {
        var path = _folder.Add("vividshift.json", "{\n  \"lockTimeoutSecs\": 5\n}");

        var error = _session.Run("Get-VsConfiguration").OnlyError();

        Assert.Equal(
            "ConfigurationInvalid,VividShift.Migrations.PowerShell.Commands.GetVsConfigurationCommand", error.FullyQualifiedErrorId);
        Assert.Contains($"{path}:2:3", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'lockTimeoutSec'?", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_view_is_a_table_of_three_columns_without_any_password()
    {
        var shown = _session.Show($"Get-VsConfiguration -ConnectionString '{Url}' -Verbose -Debug");

        Assert.Matches(@"(?m)^Name +Value +Source$", shown);
        Assert.Matches(@"(?m)^database +shop +-ConnectionString$", shown);
        Assert.DoesNotContain("Kq7x", shown, StringComparison.Ordinal);
    }

    // As the console does it, within the session.
    IReadOnlyList<string> Complete(string line) =>
        _session.Run($"(TabExpansion2 '{line}').CompletionMatches | ForEach-Object CompletionText").WithoutErrors().OutputOf<string>();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }
}
