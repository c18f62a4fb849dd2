using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Tests.Configuration;

public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("  A = b  ", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("export\tA=b", "b")]
    [InlineData("A=", "")]
    [InlineData("A=b # a comment", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A='b # c'", "b # c")]
    [InlineData("A='$HOME \\n'", "$HOME \\n")]
    [InlineData("A=\"b\\nc\\\"d\\\\e\\$f\"", "b\nc\"d\\e$f")]
    [InlineData("A=b\\ c", "b c")]
    [InlineData("A='b'\"c\"d", "bcd")]
    [InlineData("A=\"b\nc\"", "b\nc")]
    [InlineData("A=$HOME/x", "/users/ann/x")]
    [InlineData("A=\"${HOME}x\"", "/users/annx")]
    [InlineData("A=$UNKNOWN-x", "-x")]
    [InlineData("A=5$", "5$")]
    [InlineData("B=1\nA=${B}2", "12")]
    [InlineData("A=first\nA=second", "first")]
    [InlineData("\uFEFFA=b", "b")]
    [InlineData("# A=c\r\n\r\nA=b\r\n", "b")]
    [InlineData("not a line\nA=b", "b")]
    [InlineData("B='never closed\nA=b", "b")]
    [InlineData("A=postgresql://u:p%40@h/d?sslmode=require&x=y", "postgresql://u:p%40@h/d?sslmode=require&x=y")]
    public void A_value_is_what_dotenvy_reads(string text, string expected)
    {
        var entry = Parse(text)["A"];

        Assert.Null(entry.Problem);
        Assert.Equal(expected, entry.Value);
    }

    [Theory]
    [InlineData("A=b c")]
    [InlineData("A='b")]
    [InlineData("A=\"b")]
    [InlineData("A=\"b\\q\"")]
    [InlineData("A b")]
    public void A_value_that_dotenvy_refuses_has_a_problem_and_no_text(string text)
    {
        var entry = Parse(text)["A"];

        Assert.NotNull(entry.Problem);
        Assert.Equal("", entry.Value);
    }

    [Theory]
    [InlineData("A=1", 1)]
    [InlineData("\n# c\nA=1", 3)]
    [InlineData("\r\n\r\nA=1\r\n", 3)]
    [InlineData("B='1\n2\n3'\nA=1", 4)]
    [InlineData("B=\"1\n2\"\nA=1", 3)]
    [InlineData("B='open\nA=1", 2)]
    public void An_entry_knows_its_line(string text, int line) => Assert.Equal(line, Parse(text)["A"].Line);

    [Fact]
    public void The_nearest_file_is_found_from_below()
    {
        using var project = new Project();
        var path = project.Add(".env", "A=b");
        var deep = Directory.CreateDirectory(Path.Combine(project.Folder, "one", "two")).FullName;

        Assert.Equal(path, DotEnvFile.Locate(deep));
    }

    static IReadOnlyDictionary<string, DotEnvEntry> Parse(string text) =>
        DotEnvFile.Parse(text, name => name == "HOME" ? "/users/ann" : null);
}
