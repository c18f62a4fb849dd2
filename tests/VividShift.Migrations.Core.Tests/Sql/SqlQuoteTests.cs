using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public sealed class SqlQuoteTests
{
    [Theory]
    [InlineData("orders", "\"orders\"")]
    [InlineData("Order \"x\"", "\"Order \"\"x\"\"\"")]
    public void Identifier_is_quoted_to_the_letter(string name, string expected) => Assert.Equal(expected, SqlQuote.Identifier(name));

    [Theory]
    [InlineData("it's", "'it''s'")]
    [InlineData(@"C:\it's", @"E'C:\\it''s'")]
    public void Literal_means_the_same_whatever_standard_conforming_strings_says(string text, string expected) =>
        Assert.Equal(expected, SqlQuote.Literal(text));
}
