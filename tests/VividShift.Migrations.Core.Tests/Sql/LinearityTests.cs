using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public class LinearityTests
{
    [Fact]
    public void What_is_allocated_grows_with_the_number_of_statements_and_no_faster()
    {
        const string Statement = "insert into orders (id, name) values (1, 'a;b'); -- a comment\n";
        Allocated(Repeat(Statement, 10));
        var once = Allocated(Repeat(Statement, 2_000));
        var twice = Allocated(Repeat(Statement, 4_000));
        Assert.InRange((double)twice / once, 1.5, 2.5);
    }

    [Fact]
    public void A_long_statement_is_not_copied()
    {
        var text = "insert into t values ($$" + new string('x', 4_000_000) + "$$), (" + Repeat("'a', ", 100_000) + "1);";
        Allocated("select 1");
        Assert.InRange(Allocated(text), 0, 100_000);
    }

    // Each unit made some splitter or other look ahead to the end of the text again and again. Quadratic work on these sizes takes
    // minutes, linear work well under a second.
    [Theory(Timeout = 60_000)]
    [InlineData("select 'a' -- b\n")]
    [InlineData("'a'\n")]
    [InlineData("E'a' -- '")]
    [InlineData("$a")]
    [InlineData("$a$ b")]
    [InlineData("/* ")]
    [InlineData("/**/")]
    [InlineData("/*/ ")]
    [InlineData("-")]
    [InlineData("(")]
    [InlineData("((a,")]
    [InlineData("\\;")]
    [InlineData("\\i a\n")]
    [InlineData(";")]
    [InlineData("copy t from stdin;")]
    [InlineData("copy t from stdin;\n\\.\n")]
    [InlineData("copy t from stdin\n")]
    [InlineData("create function f() begin case ")]
    [InlineData("do $$ commit $$;")]
    [InlineData("with a as (")]
    [InlineData("select * from a, ")]
    [InlineData("\"a\".")]
    [InlineData("from t9")]
    [InlineData("begin;")]
    [InlineData("\r")]
    [InlineData("ä😀")]
    public async Task Repetition_of_anything_takes_linear_time(string unit)
    {
        var text = Repeat(unit, 1_000_000 / unit.Length);
        var script = await Task.Run(() => SqlScript.Parse(text), TestContext.Current.CancellationToken);
        Assert.Equal(text.Length, script.Text.Length);
        Assert.True(script.Locate(text.Length).Line >= 1);
    }

    static string Repeat(string unit, int count) => string.Concat(Enumerable.Repeat(unit, count));

    static long Allocated(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(SqlScript.Parse(text));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
