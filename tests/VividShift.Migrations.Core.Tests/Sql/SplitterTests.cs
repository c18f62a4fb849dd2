using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public class SplitterTests
{
    static string[] Split(string text)
    {
        var script = SqlScript.Parse(text);
        Assert.Empty(script.Problems);
        return [.. script.Statements.Select(script.TextOf)];
    }

    [Fact]
    public void A_semicolon_ends_a_statement_and_is_not_part_of_it() =>
        Assert.Equal(["select 1", "select 2"], Split("select 1;\nselect 2;\n"));

    [Fact]
    public void The_last_statement_needs_no_semicolon() => Assert.Equal(["select 1", "select 2"], Split("select 1;select 2 -- end"));

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n\f\v")]
    [InlineData("-- nothing; here")]
    [InlineData("/* nothing; /* at; */ all */ -- ;\n")]
    [InlineData(";; ;\n;")]
    [InlineData("\uFEFF-- with a byte order mark")]
    public void Comments_white_space_and_empty_statements_are_no_statements(string text) => Assert.Empty(Split(text));

    [Theory]
    [InlineData("select $$a;b$$")]
    [InlineData("select $tag$a;$$;$tagg$;$tag$")]
    [InlineData("select $тег$a;b$тег$")]
    [InlineData("select $_1$a;$1$;b$_1$")]
    [InlineData("select a$1$b, c$$, d")]
    [InlineData("select 'a;b''c;d'")]
    [InlineData(@"select '\'")]
    [InlineData(@"select E'a\';b'")]
    [InlineData(@"select e'a\\'")]
    [InlineData(@"select U&'\0041;', U&""d;""")]
    [InlineData("select B'0;1', X'F;', N'n;'")]
    [InlineData("select \"a;\"\";b\"")]
    [InlineData("select 'a;'\n 'b;c'")]
    [InlineData("select E'a'\n'b\\';c'")]
    [InlineData("select E'a' -- so it goes on;\n  -- and; on\n 'b\\';c'")]
    [InlineData("select E'a'\r'b\\';c'")]
    [InlineData("select 1 /* a; /* b; */ c; */ + 1")]
    [InlineData("select 1 -- a; 'b\n+ 1")]
    [InlineData("select 1 -- a; 'b\r+ 1")]
    [InlineData("select @-1 @/* ' */ 1")]
    [InlineData("select 1 +-- '\n 1")]
    [InlineData("select 4 *-/* ; */ 2")]
    [InlineData("select 1 */* ; */ 2")]
    [InlineData("create rule r as on insert to t do (delete from a; delete from b)")]
    [InlineData("select a[1:2], b[lo:hi], c::int, :'v', :\"v\", :v, $1, $2")]
    [InlineData("select 1..10, .5, 1e5, 1.e-3, 0x1f, 1_000")]
    public void One_statement_stays_one(string text)
    {
        Assert.Equal([text], Split(text));
        Assert.Equal([text, text], Split($"{text};\r\n{text} ;"));
    }

    [Fact]
    public void A_backslash_escapes_in_plain_strings_once_the_script_says_so()
    {
        const string Text = """
            set standard_conforming_strings = off; select 'a\';b';
            select 'c\';d';
            SET standard_conforming_strings TO 'on';
            select '\'; select 2;
            """;
        Assert.Equal(
            [
                "set standard_conforming_strings = off", @"select 'a\';b'", @"select 'c\';d'",
                "SET standard_conforming_strings TO 'on'", @"select '\'", "select 2",
            ],
            Split(Text));
    }

    [Theory]
    [InlineData("create function f() returns int language sql begin atomic select 1; select 2; end")]
    [InlineData("create or replace procedure p() begin atomic insert into t values (1); select case when true then 1 else 2 end; end")]
    [InlineData("CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE a WHEN 1 THEN CASE 2 WHEN 2 THEN 3 END END; END")]
    public void The_body_of_a_function_in_standard_sql_is_part_of_its_statement(string text) =>
        Assert.Equal([text, "select 3"], Split($"{text};\nselect 3;"));

    [Theory]
    [InlineData("begin; select 1; end")]
    [InlineData("create table begin (a int); create table case (b int); select 1")]
    [InlineData("create view v as select 1 as begin; select 2; select 3")]
    public void Begin_counts_only_in_a_function(string text) => Assert.Equal(3, Split(text).Length);

    [Fact]
    public void A_lone_carriage_return_ends_a_line_comment() =>
        Assert.Equal(["select 1", "select 2"], Split("-- a\rselect 1;\r-- b;\r\nselect 2;\r"));

    [Fact]
    public void A_statement_knows_its_place_in_characters_and_in_bytes()
    {
        var script = SqlScript.Parse("-- ä\nselect '😀';\nselect 2");
        var (first, second) = (script.Statements[0], script.Statements[1]);
        Assert.Equal((5, 11, 6L, 13L), (first.Offset, first.Length, first.ByteOffset, first.ByteLength));
        Assert.Equal((18, 8, 21L, 8L), (second.Offset, second.Length, second.ByteOffset, second.ByteLength));
    }

    [Fact]
    public void A_byte_order_mark_belongs_to_no_statement()
    {
        var statement = Assert.Single(SqlScript.Parse("\uFEFFselect 1").Statements);
        Assert.Equal((1, 3L), (statement.Offset, statement.ByteOffset));
    }
}
