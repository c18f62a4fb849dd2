using VividShift.Migrations.Engine.Backup.Archive;

namespace VividShift.Migrations.Engine.Tests.Backup.Archive;

public sealed class TablePatternTests
{
    [Theory]
    [InlineData("orders", "shop", "orders", true)]
    [InlineData("orders", "shop", "Orders", false)]
    [InlineData("shop.orders", "shop", "orders", true)]
    [InlineData("shop.orders", "archive", "orders", false)]
    [InlineData("shop.*", "shop", "orders", true)]
    [InlineData("ord*", "shop", "orders", true)]
    [InlineData("*.orders", "archive", "orders", true)]
    [InlineData("order?", "shop", "orders", true)]
    [InlineData("\"orders\"", "shop", "orders", true)]
    [InlineData("shop.\"Odd.Name\"", "shop", "Odd.Name", true)]
    [InlineData("\"Odd.Schema\".orders", "Odd.Schema", "orders", true)]
    [InlineData("\"Odd.Schema\".ord*", "Odd.Schema", "orders", true)]
    [InlineData("\"ord*\"", "shop", "orders", false)]
    [InlineData("\"ord*\"", "shop", "ord*", true)]
    [InlineData("\"say \"\"a\"\"\"", "shop", "say \"a\"", true)]
    [InlineData("\"orders", "shop", "orders", false)]
    [InlineData("a.b", "shop", "a.b", true)]
    public void Means_what_it_says(string pattern, string schema, string table, bool expected) =>
        Assert.Equal(expected, TablePattern.Matches(pattern, schema, table));
}
