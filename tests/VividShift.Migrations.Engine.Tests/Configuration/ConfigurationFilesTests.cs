namespace VividShift.Migrations.Engine.Tests.Configuration;

public sealed class ConfigurationFilesTests
{
    [Fact]
    public void A_file_that_was_named_must_exist()
    {
        using var project = new Project();
        var path = Path.Combine(project.Folder, "other.json");

        Assert.Contains(path, project.Refusal(project.Request(configurationPath: path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_brings_its_own_overlay_and_folders()
    {
        using var project = new Project();
        var path = project.Add("conf/shop.json", "{ \"server\": \"base\", \"migrations\": \"sql\", \"templates\": \"../mine\" }");
        project.Add("conf/shop.prod.json", "{ \"server\": \"prod\" }");
        project.Add("vividshift.json", "{ \"server\": \"ignored\" }");
        var request = project.Request(configurationPath: path, environment: "prod");

        var server = project.Describe("server", request);
        Assert.Equal("prod", server.Value);
        Assert.Equal(Path.Combine("conf", "shop.prod.json") + ":1", server.Source);
        var read = project.Read(request);
        Assert.Equal([Path.Combine(project.Folder, "conf", "sql")], read.MigrationFolders);
        Assert.Equal(Path.Combine(project.Folder, "mine"), read.TemplateFolder);
    }

    [Fact]
    public void A_mistyped_environment_is_refused_when_others_have_files()
    {
        using var project = new Project();
        project.Add("vividshift.json", "{}");
        project.Add("vividshift.prod.json", "{}");

        var refusal = project.Refusal(project.Request(environment: "prdo"));
        Assert.Contains("Did you mean 'prod'?", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("dev", project.Read(project.Request(environment: "dev")).Environment);
    }

    [Theory]
    [InlineData("VIVIDSHIFT_ENVIRONMENT")]
    [InlineData("ENVIRONMENT")]
    public void A_variable_is_refused_like_the_parameter(string variable)
    {
        using var project = new Project();
        project.Add("vividshift.json", "{ \"server\": \"base\" }");
        project.Add("vividshift.prod.json", "{ \"protected\": true }");
        project.Variables[variable] = "production";

        var refusal = project.Refusal();
        Assert.Contains($"'production' of {variable}; there are files for prod", refusal.Message, StringComparison.Ordinal);
        Assert.True(project.Read(project.Request(environment: "prod")).Protected);
    }

    [Fact]
    public void The_schema_for_editors_is_no_environment()
    {
        using var project = new Project();
        project.Add("vividshift.schema.json", "{}");

        Assert.Equal("ci", project.Read(project.Request(environment: "ci")).Environment);
    }

    [Fact]
    public void An_environment_without_any_files_is_just_a_name()
    {
        using var project = new Project();
        project.Add("vividshift.json", "{}");

        Assert.Equal("ci", project.Read(project.Request(environment: "ci")).Environment);
    }

    [Theory]
    [InlineData(null, null, null, "dev", "default")]
    [InlineData(null, null, "e", "e", "ENVIRONMENT")]
    [InlineData(null, "v", "e", "v", "VIVIDSHIFT_ENVIRONMENT")]
    [InlineData("p", "v", "e", "p", "-Environment")]
    public void The_environment_comes_from_parameter_then_variables_then_dev(
        string? parameter, string? own, string? common, string name, string source)
    {
        using var project = new Project();
        if (own is not null)
        {
            project.Variables["VIVIDSHIFT_ENVIRONMENT"] = own;
        }

        if (common is not null)
        {
            project.Variables["ENVIRONMENT"] = common;
        }

        var setting = project.Describe("environment", project.Request(environment: parameter));

        Assert.Equal((name, source), (setting.Value, setting.Source));
    }

    [Theory]
    [InlineData("../prod")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("é")]
    [InlineData("")]
    public void An_environment_that_could_leave_the_folder_is_refused(string name)
    {
        using var project = new Project();

        Assert.Contains("-Environment", project.Refusal(project.Request(environment: name)).Message, StringComparison.Ordinal);
    }
}
