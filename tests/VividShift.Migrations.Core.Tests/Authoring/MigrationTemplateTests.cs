using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.Core.Tests.Authoring;

public class MigrationTemplateTests
{
    static readonly NewVersion Version = new(7, "0007");

    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("_tmp$1", "_tmp$1")]
    [InlineData("Orders", "\"Orders\"")]
    [InlineData("order", "\"order\"")]
    [InlineData("order items", "\"order items\"")]
    [InlineData("9lives", "\"9lives\"")]
    [InlineData("größe", "\"größe\"")]
    [InlineData("app.orders", "app.orders")]
    [InlineData("App.user", "\"App\".\"user\"")]
    [InlineData("app.\"Or.ders\"", "app.\"Or.ders\"")]
    [InlineData("\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\"")]
    public void A_name_is_quoted_where_postgresql_would_read_another(string given, string expected) =>
        Assert.Equal($"DROP TABLE {expected};\n", Up("DROP TABLE {{t}};", ("t", given)));

    [Theory]
    [InlineData("idx_{{t}}_{{c:names}}", "idx_orders_a_b")]
    [InlineData("{{t:schema}}idx_{{t}}", "app.idx_orders")]
    [InlineData("{{t:schema}}{{n:base}}", "app.\"New\"")]
    [InlineData("{{t:base}}", "orders")]
    [InlineData("{{n}}_pkey", "\"New_pkey\"")]
    [InlineData("({{c:names}})", "(a, b)")]
    [InlineData("{{t}}.{{n}}", "app.orders.\"New\"")]
    public void Placeholders_and_letters_that_touch_are_one_name(string template, string expected) =>
        Assert.StartsWith(
            expected + "\n",
            Up(template + "\n-- {{t}} {{n}} {{c:names}}", ("t", "app.orders"), ("n", "New"), ("c", "a, b")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("it's", "'it''s'")]
    [InlineData(@"a\b", @"E'a\\b'")]
    [InlineData("", "''")]
    public void Text_becomes_a_literal(string given, string expected) =>
        Assert.Equal($"SELECT {expected};\n", Up("SELECT {{x:text}};", ("x", given)));

    [Fact]
    public void Sql_stays_what_it_is() => Assert.Equal("SELECT a || 'b';\n", Up("SELECT {{x:sql}};", ("x", "a || 'b'")));

    [Theory]
    [InlineData("SELECT '{{1,2},{3,4}}'::int[];")]
    [InlineData("SELECT '{}', '{{}}', $1;")]
    [InlineData("SELECT '{{a,b},{c,d}}';")]
    public void Braces_of_sql_stay(string sql) => Assert.Equal(sql + "\n", Up(sql));

    [Fact]
    public void A_default_counts_everywhere_and_a_given_value_wins_whatever_its_case()
    {
        var template = new MigrationTemplate("x", "x.up.sql", "{{a=one}} {{a}}", "{{a}} {{b:sql={}}}");
        Assert.Equal(("one one\n", "one {}\n"), template.Render(MigrationName.Parse("n"), Version, new Dictionary<string, string>()));
        Assert.Equal("two two\n", template.Render(MigrationName.Parse("n"), Version, Given(("A", "two"))).Up);
        Assert.Equal(["a (one)", "b ({})"], template.Properties.Select(p => p.ToString()));
    }

    [Fact]
    public void Name_and_version_of_the_migration_are_known() =>
        Assert.Equal("-- 0007 add a thing 'add a thing'\n", Up("-- {{version:sql}} {{migration:sql}} {{migration:text}}"));

    [Theory]
    [InlineData("{{a}} {{b=1}}", "'a' was not given", "a, b (1)")]
    [InlineData("{{b=1}}", "no property 'z'", "b (1)", "z")]
    [InlineData("none", "no property 'z'", "It has no properties", "z")]
    [InlineData("{{b:money}}", "the kind 'money'", "names")]
    [InlineData("{{b=1}} {{b=2}}", "two defaults", "Keep one")]
    [InlineData("{{b=}}", "'b' cannot be the name ''", "-Property")]
    public void What_is_wrong_is_named_with_what_there_is(string text, string problem, string advice, params string[] given)
    {
        var error = Assert.Throws<MigrationException>(() => Up(text, [.. given.Select(g => (g, "1"))]));
        Assert.Equal(MigrationErrorCode.TemplateInvalid, error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a'b")]
    [InlineData("a\nb")]
    [InlineData("$$")]
    [InlineData("a..b")]
    [InlineData("\"open")]
    [InlineData("a_name_of_more_than_sixty_three_bytes_which_postgresql_would_cut_short")]
    public void What_cannot_be_a_name_is_refused(string given) =>
        Assert.Equal(MigrationErrorCode.TemplateInvalid, Assert.Throws<MigrationException>(() => Up("{{a}}", ("a", given))).Code);

    [Fact]
    public void A_name_that_gets_too_long_by_its_parts_is_refused()
    {
        var error = Assert.Throws<MigrationException>(() => Up("idx_{{a}}_{{b}}", ("a", new('x', 40)), ("b", new('y', 40))));
        Assert.Contains("85 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_endings_are_lf_and_the_last_line_has_one()
    {
        Assert.Equal("a\nb\n", Up("\uFEFFa\r\nb"));
        Assert.Equal("a\n", Up("a\n\n\n"));
    }

    [Theory]
    [InlineData("-- Makes {{t=orders}}\n-- fast.\n--\n-- More.\nSELECT 1;", "Makes orders fast.")]
    [InlineData("-- no-transaction\n-- Builds {{t}}.\nSELECT 1;", "Builds <t>.")]
    [InlineData("SELECT 1;", "")]
    public void The_first_comment_describes_it(string text, string expected) =>
        Assert.Equal(expected, new MigrationTemplate("x", "x.up.sql", text, null).Description);

    static string Up(string text, params (string, string)[] given) =>
        new MigrationTemplate("x", "x.up.sql", text, null).Render(MigrationName.Parse("add a thing"), Version, Given(given)).Up;

    static Dictionary<string, string> Given(params (string Key, string Value)[] given) => given.ToDictionary(g => g.Key, g => g.Value);
}
