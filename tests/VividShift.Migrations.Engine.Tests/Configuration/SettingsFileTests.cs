namespace VividShift.Migrations.Engine.Tests.Configuration;

public sealed class SettingsFileTests
{
    [Theory]
    [InlineData("{\n  \"servr\": \"a\"\n}", 2, 3, "Did you mean 'server'?")]
    [InlineData("{ // c\n\n  \"zzzzzz\": 1 }", 3, 3, "The settings are connectionString")]
    [InlineData("{\n  \"server\": 5\n}", 2, 13, "'server' must be a text")]
    [InlineData("{\n  \"port\": \"5432\"\n}", 2, 11, "'port' must be a whole number from 1 to 65535")]
    [InlineData("{\n  \"port\": 70000\n}", 2, 11, "'port' must be")]
    [InlineData("{\n  \"lockTimeoutSec\": -1\n}", 2, 21, "'lockTimeoutSec' must be a whole number of seconds")]
    [InlineData("{\n  \"lockTimeoutSec\": 1.5\n}", 2, 21, "'lockTimeoutSec' must be")]
    [InlineData("{ \"migrations\": [\n \"a\", 5 ] }", 2, 7, "'migrations' must be a text or a list of texts")]
    [InlineData("{ \"templates\": [\"a\"] }", 1, 16, "'templates' must be a text")]
    [InlineData("{ \"server\": { \"name\": \"a\" } }", 1, 13, "'server' must be a text")]
    [InlineData("{\n  \"server\": \"a\",\n  \"Server\": \"b\"\n}", 3, 3, "a second time")]
    [InlineData("{\n  \"server\": \"a\"\n  \"port\": 1\n}", 3, 3, "not valid JSON")]
    [InlineData("{\n  \"server\": \"é\" x\n}", 2, 17, "not valid JSON")]
    [InlineData("{\n  \"password\": hunter2\n}", 2, 15, "not valid JSON")]
    [InlineData("", 1, 1, "not valid JSON")]
    [InlineData("{}{}", 1, 3, "not valid JSON")]
    [InlineData("[]", 1, 1, "one JSON object")]
    public void What_is_wrong_is_told_with_file_line_and_column(string text, int line, int column, string expected)
    {
        using var project = new Project();
        var path = project.Add("vividshift.json", text);

        var refusal = project.Refusal();

        Assert.Equal(new SourceLocation(path, line, column), refusal.Location);
        Assert.StartsWith(FormattableString.Invariant($"{path}:{line}:{column}: "), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_trailing_commas_a_byte_order_mark_and_any_case_are_fine()
    {
        using var project = new Project();
        project.Add("vividshift.json", "\uFEFF{ // one\n /* two */ \"$schema\": \"x\", \"SERVER\": \"db\",\n \"port\": 5433, }");

        Assert.Equal(("db", "vividshift.json:2"), Both(project.Describe("server")));
        Assert.Equal(("5433", "vividshift.json:3"), Both(project.Describe("port")));
    }

    [Fact]
    public void The_overlay_of_the_environment_goes_on_top()
    {
        using var project = new Project();
        project.Add("vividshift.json", "{ \"server\": \"base\", \"database\": \"shop\", \"lockTimeoutSec\": 5 }");
        project.Add("vividshift.staging.json", "{\n  \"server\": \"stage\" }");
        var request = project.Request(environment: "staging");

        Assert.Equal(("stage", "vividshift.staging.json:2"), Both(project.Describe("server", request)));
        Assert.Equal(("shop", "vividshift.json:1"), Both(project.Describe("database", request)));
        Assert.Equal(("5", "vividshift.json:1"), Both(project.Describe("lockTimeoutSec", request)));
        Assert.Equal("base", project.Describe("server").Value);
    }

    [Fact]
    public void Variables_with_two_underscores_go_before_the_files()
    {
        using var project = new Project();
        project.Add("vividshift.json", "{ \"server\": \"base\", \"port\": 5000, \"migrations\": [\"a\", \"b\"] }");
        project.Variables["VIVIDSHIFT__SERVER"] = "other";
        project.Variables["VIVIDSHIFT__LOCKTIMEOUTSEC"] = "7";
        project.Variables["VIVIDSHIFT__MIGRATIONS__0"] = "c";

        Assert.Equal(("other", "VIVIDSHIFT__SERVER"), Both(project.Describe("server")));
        Assert.Equal("5000", project.Describe("port").Value);
        Assert.Equal(("7", "VIVIDSHIFT__LOCKTIMEOUTSEC"), Both(project.Describe("lockTimeoutSec")));
        // A list replaces a list: Microsoft.Extensions.Configuration alone would answer c, b.
        Assert.Equal([Path.Combine(project.Folder, "c")], project.Read().MigrationFolders);
    }

    [Theory]
    [InlineData("VIVIDSHIFT__SERVR", "a", "Did you mean 'server'?")]
    [InlineData("VIVIDSHIFT__PORT", "hunter2", "must be a whole number from 1 to 65535")]
    [InlineData("VIVIDSHIFT__SERVER__0", "a", "names no setting")]
    public void A_variable_that_cannot_be_used_is_named(string name, string value, string expected)
    {
        using var project = new Project();
        project.Variables[name] = value;

        var refusal = project.Refusal();

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Null_and_an_empty_text_leave_the_word_to_weaker_files()
    {
        using var project = new Project();
        project.Add("vividshift.json", "{ \"server\": \"base\", \"database\": \"shop\" }");
        project.Add("vividshift.dev.json", "{ \"server\": null, \"database\": \"\" }");

        Assert.Equal("base", project.Describe("server").Value);
        Assert.Equal("shop", project.Describe("database").Value);
    }

    static (string, string) Both(VividShift.Migrations.Configuration.ConfigurationSetting setting) => (setting.Value, setting.Source);
}
