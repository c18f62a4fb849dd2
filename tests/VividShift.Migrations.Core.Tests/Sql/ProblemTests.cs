using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public class ProblemTests
{
    [Theory]
    [InlineData("select 1; select 'a;\n", "UnterminatedString", "'a")]
    [InlineData("select E'a\\';", "UnterminatedString", "E'a")]
    [InlineData("select U&'a;", "UnterminatedString", "U&'a")]
    [InlineData("select 'a'\n'b", "UnterminatedString", "'a'")]
    [InlineData("select \"a;", "UnterminatedIdentifier", "\"a")]
    [InlineData("select $$a;", "UnterminatedDollarQuote", "$$a")]
    [InlineData("select $a$;$A$", "UnterminatedDollarQuote", "$a$")]
    [InlineData("select 1; /* a /* b */ select 2;", "UnterminatedComment", "/* a")]
    [InlineData("select (1, (2); select 3;", "UnterminatedParenthesis", "(1")]
    [InlineData("create function f() begin atomic select case 1 when 1 then 2 end;", "UnterminatedBody", "begin")]
    [InlineData("select 'a\0b'", "NulCharacter", "\0")]
    [InlineData("select 1 \\gset\n;", "MetaCommand", "\\gset")]
    [InlineData("\\i other.sql\nselect 1;", "MetaCommand", "\\i")]
    [InlineData("select 1\\; select 2;", "MetaCommand", "\\;")]
    [InlineData("insert into t values (1);\n\\.\n", "MetaCommand", "\\.")]
    [InlineData("copy t from stdin\n\\.\n", "MetaCommand", "\\.")]
    [InlineData("\\restrict\nselect 1;", "MetaCommand", "\\restrict")]
    [InlineData("\\restrict a b\nselect 1;", "MetaCommand", "\\restrict")]
    [InlineData("select 1; \\restrict a\nselect 1;", "MetaCommand", "\\restrict")]
    [InlineData("select\n\\restrict a\n1;", "MetaCommand", "\\restrict")]
    [InlineData("\\restrictx a\n", "MetaCommand", "\\restrictx")]
    public void A_text_that_cannot_be_run_says_where_and_why(string text, string rule, string at)
    {
        var problem = Assert.Single(SqlScript.Parse(text).Problems);
        Assert.Equal(rule, problem.Rule);
        Assert.Equal(text.IndexOf(at, StringComparison.Ordinal), problem.Offset);
        Assert.NotEmpty(problem.Message);
        Assert.NotEmpty(problem.RecommendedAction);
    }

    [Theory]
    [InlineData("select '\\i', \"\\i\", $$\\i$$ /* \\i */ -- \\i")]
    [InlineData("copy t from stdin;\n\\N\t\\\\\n\\.\n")]
    public void A_backslash_in_quotes_comments_and_data_is_no_command(string text) => Assert.Empty(SqlScript.Parse(text).Problems);

    [Fact]
    public void The_lines_that_guard_a_dump_are_passed_over()
    {
        var script = SqlScript.Parse("--\n-- dump\n--\n\n\\restrict aB3\n\nselect 1;\r\n\\unrestrict aB3\r\n");
        Assert.Empty(script.Problems);
        Assert.Equal("select 1", script.TextOf(Assert.Single(script.Statements)));
    }

    [Fact]
    public void Every_command_of_psql_is_named() => Assert.Equal(
        ["\\set", "\\if", "\\endif"],
        SqlScript.Parse("\\set a 'b;\n\\if :a\nselect 1;\n\\endif\n").Problems.Select(problem => problem.Message.Split(' ')[0]));

    [Fact]
    public void Problems_come_in_the_order_of_the_text() => Assert.Equal(
        ["NulCharacter", "MetaCommand", "UnterminatedString"],
        SqlScript.Parse("-- \0\n\\i a\nselect '").Problems.Select(problem => problem.Rule));
}
