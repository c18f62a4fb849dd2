using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public class CopyTests
{
    static (string Statement, string? Data)[] Split(string text)
    {
        var script = SqlScript.Parse(text);
        Assert.Empty(script.Problems);
        return [.. script.Statements.Select(s => (script.TextOf(s), s.DataOffset is null ? null : script.DataOf(s).ToString()))];
    }

    [Fact]
    public void The_lines_after_a_copy_from_stdin_are_data() => Assert.Equal(
        [("copy t from stdin", "1\ta;b\n2\t'\n"), ("select 1", null)],
        Split("copy t from stdin;\n1\ta;b\n2\t'\n\\.\nselect 1;"));

    [Fact]
    public void Data_may_have_windows_line_ends() => Assert.Equal(
        [("COPY t (a, b) FROM STDIN WITH (FORMAT csv)", "1,2\r\n"), ("select 1", null)],
        Split("COPY t (a, b) FROM STDIN WITH (FORMAT csv);\r\n1,2\r\n\\.\r\nselect 1;\r\n"));

    [Fact]
    public void Data_ends_with_the_file_at_the_latest() =>
        Assert.Equal([("copy t from stdin", "1\n\\.x\n \\.\n2")], Split("copy t from stdin;\n1\n\\.x\n \\.\n2"));

    [Fact]
    public void The_end_mark_may_be_the_last_line() => Assert.Equal([("copy t from stdin", "1\n")], Split("copy t from stdin;\n1\n\\."));

    [Fact]
    public void Data_may_be_empty() =>
        Assert.Equal([("copy t from stdin", string.Empty), ("select 1", null)], Split("copy t from stdin;\n\\.\nselect 1"));

    [Fact]
    public void Without_a_semicolon_there_is_no_data() => Assert.Equal([("copy t from stdin", string.Empty)], Split("copy t from stdin"));

    [Fact]
    public void What_follows_on_the_line_of_the_copy_is_run_after_its_data() => Assert.Equal(
        [("copy a from stdin", "1\n"), ("copy b from stdin", "2\n"), ("select 'x'", null), ("select 3", null)],
        Split("copy a from stdin; copy b from stdin; select 'x'; -- first ; second\n1\n\\.\n2\n\\.\nselect 3;"));

    [Theory]
    [InlineData("copy a from stdin; select 'x\n1\n\\.\n';")]
    [InlineData("copy a from stdin;1\n\\.\nselect 2;")]
    [InlineData("copy a from stdin; select\n1\n\\.\n2;")]
    [InlineData("copy a from stdin; /* x\n1\n\\.\n*/ select 2;")]
    public void A_statement_cannot_go_on_around_the_data(string text) =>
        Assert.Equal("CopyData", SqlScript.Parse(text).Problems[0].Rule);

    [Theory]
    [InlineData("copy t from 'stdin'")]
    [InlineData("copy t from program 'stdin'")]
    [InlineData("copy t to stdout")]
    [InlineData("copy (select a from stdin) to stdout")]
    [InlineData("copy \"from\" to stdout")]
    public void Other_copies_have_no_data(string text) =>
        Assert.Equal([(text, (string?)null), ("select 1", null)], Split($"{text};\nselect 1"));

    [Theory]
    [InlineData("copy binary t from stdin")]
    [InlineData("copy t from stdout")]
    [InlineData("copy \"from\" from /* here */ stdin with (format csv)")]
    [InlineData("COPY s.t (\"from\", b) FROM STDIN WHERE b > 0")]
    public void Unusual_copies_have_data(string text) => Assert.Equal((text, "1\n"), Split($"{text};\n1\n\\.\n")[0]);
}
