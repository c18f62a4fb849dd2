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
