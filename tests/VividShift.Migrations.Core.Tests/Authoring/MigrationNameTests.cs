using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.Core.Tests.Authoring;

public class MigrationNameTests
{
    [Theory]
    [InlineData("add phone to participants", "add_phone_to_participants", "add phone to participants")]
    [InlineData("create_users", "create_users", "create users")]
    [InlineData("añadir データ", "añadir_データ", "añadir データ")]
    [InlineData("move to v2.1", "move_to_v2.1", "move to v2.1")]
    [InlineData("no\u00A0break", "no_break", "no break")]
    public void Spaces_become_underscores_and_are_read_back_as_spaces(string given, string value, string description)
    {
        var name = MigrationName.Parse(given);
        Assert.Equal(value, name.Value);
        Assert.Equal(description, name.Description);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData(@"a\b")]
    [InlineData("c:x")]
    [InlineData("what?")]
    [InlineData("it's")]
    [InlineData("say \"hi\"")]
    [InlineData("a`b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("zero\u200Bwidth")]
    [InlineData("\u202Egnp.lqs")]
    [InlineData("half \uD800")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("ends.")]
    [InlineData(" starts")]
    [InlineData("ends ")]
    [InlineData("nul")]
    [InlineData("Com1")]
    [InlineData("LPT9.old")]
    [InlineData("x.sql")]
    [InlineData("x.UP")]
    [InlineData("x.down")]
    public void What_cannot_be_a_file_name_everywhere_is_refused(string given)
    {
        var error = Assert.Throws<MigrationException>(() => MigrationName.Parse(given));
        Assert.Equal(MigrationErrorCode.NameInvalid, error.Code);
        Assert.Contains("No file was written", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("comment")]
    [InlineData("com10 ports")]
    [InlineData("null values")]
    [InlineData("console")]
    public void What_only_resembles_a_device_is_a_name(string given) => Assert.Equal(given, MigrationName.Parse(given).Description);
}
