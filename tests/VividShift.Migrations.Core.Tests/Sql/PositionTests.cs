using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public class PositionTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(3, 1, 3)]
    [InlineData(4, 1, 4)]
    [InlineData(5, 2, 1)]
    [InlineData(7, 3, 1)]
    [InlineData(9, 3, 3)]
    [InlineData(10, 4, 1)]
    [InlineData(11, 4, 2)]
    [InlineData(99, 4, 2)]
    [InlineData(-1, 1, 1)]
    public void Columns_count_code_points_and_every_kind_of_line_break_counts(int offset, int line, int column) =>
        Assert.Equal((line, column), SqlScript.Parse("a😀b\nc\rd\r\ne").Locate(offset));

    [Fact]
    public void A_line_comes_without_its_break()
    {
        var script = SqlScript.Parse("a\r\n\r\nb\rc");
        Assert.Equal(["", "a", "", "b", "c", ""], Enumerable.Range(0, 6).Select(script.LineText));
    }

    [Fact]
    public void A_position_of_the_server_counts_code_points_of_the_statement()
    {
        var script = SqlScript.Parse("-- 😀\nselect '😀', x; select y");
        var statement = script.Statements[0];
        Assert.Equal(script.Text.IndexOf('x', StringComparison.Ordinal), script.OffsetOf(statement, "select '?', x".Length));
        Assert.Equal(statement.Offset, script.OffsetOf(statement, 1));
        Assert.Equal(script.Text.Length, script.OffsetOf(statement, 1000));
    }

    [Fact]
    public void An_empty_text_has_one_line() => Assert.Equal((1, 1), SqlScript.Parse(string.Empty).Locate(0));
}
