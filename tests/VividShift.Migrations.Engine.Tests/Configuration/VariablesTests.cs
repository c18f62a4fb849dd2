using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Tests.Configuration;

public sealed class VariablesTests
{
    [Fact]
    public void The_environment_goes_before_the_file()
    {
        using var project = new Project();
        project.Add(".env", "A=file\nB=file\n");
        project.Variables["A"] = "real";
        var variables = new Variables(project.Variables, project.Folder);

        Assert.Equal(("real", "A"), Both(variables.Find("A")));
        Assert.Equal(("file", "B (.env:2)"), Both(variables.Find("B")));
        Assert.Null(variables.Find("C"));
    }

    [Fact]
    public void A_variable_that_is_set_to_nothing_hides_the_files()
    {
        using var project = new Project();
        project.Add(".env", "A=file");
        project.Variables["A"] = "";

        Assert.Null(new Variables(project.Variables, project.Folder).Find("A"));
    }

    [Fact]
    public void A_spoilt_line_matters_only_to_who_asks_for_it()
    {
        using var project = new Project();
        project.Add(".env", "A=1\n\nNAME=My App\nB=2\n");
        var variables = new Variables(project.Variables, project.Folder);

        Assert.Equal("2", variables.Find("B")!.Value);
        var refusal = Assert.Throws<MigrationException>(() => variables.Find("NAME"));
        Assert.Equal(3, refusal.Location!.Line);
        Assert.DoesNotContain("My App", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_finds_both_kinds()
    {
        using var project = new Project();
        project.Add(".env", "P__A=file\nP__B=file\nQ=1");
        project.Variables["P__B"] = "real";

        var found = new Variables(project.Variables, project.Folder).WithPrefix("P__");

        Assert.Equal([("A", "file"), ("B", "real")], found.Select(pair => (pair.Key, pair.Value.Value)));
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_refused_by_name()
    {
        using var project = new Project();
        File.WriteAllBytes(Path.Combine(project.Folder, ".env"), [(byte)'A', (byte)'=', 0xE9, 0x0A]);

        Assert.Contains(Path.Combine(project.Folder, ".env"), project.Refusal().Message, StringComparison.Ordinal);
    }

    static (string, string) Both(ConfigurationValue? found) => (found!.Value, found.Source);
}
