using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Core.Tests.Catalog;

public class ChecksumTests
{
    public static TheoryData<string> GoldenFiles => [.. SqlxGolden.Files.Select(n => n.GetRawText())];

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Files_have_the_checksum_and_header_that_sqlx_gives_them(string json)
    {
        var golden = JsonDocument.Parse(json).RootElement;
        var expected = golden.GetProperty("expected");
        var file = Read(golden, IgnoredCharacters.None);
        Assert.Equal(expected.GetProperty("checksum_sha384_hex").GetString(), file.Checksum.ToString());
        Assert.Equal(expected.GetProperty("no_tx").GetBoolean(), file.NoTransaction);
        Assert.Equal(expected.GetProperty("version").GetInt64(), file.Version);
        Assert.Equal(expected.GetProperty("description").GetString(), file.Description);
    }

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Ignored_characters_are_left_out_of_the_hash_and_of_nothing_else(string json)
    {
        var golden = JsonDocument.Parse(json).RootElement;
        foreach (var variant in golden.GetProperty("checksum_with_ignored_chars").EnumerateObject())
        {
            var file = Read(golden, new(JsonSerializer.Deserialize<string[]>(variant.Name)!));
            Assert.Equal(variant.Value.GetString(), file.Checksum.ToString());
            Assert.Equal(golden.GetProperty("content").GetString(), file.Text);
        }
    }

    [Theory]
    [InlineData("a\r\nb\r\n", "a\nb\n", "only in line endings (applied with LF)")]
    [InlineData("a\nb\n", "a\r\nb\r\n", "only in line endings (applied with CRLF)")]
    [InlineData("a\r\nb\n", "a\nb\n", "only in line endings (applied with LF)")]
    [InlineData("a\n", "\uFEFFa\n", "only in a byte order mark (applied with one)")]
    [InlineData("\uFEFFa\n", "a\n", "only in a byte order mark (applied without one)")]
    [InlineData("a\n", "a", "only in the last line break (applied without it)")]
    [InlineData("a", "a\n", "only in the last line break (applied with it)")]
    [InlineData("a\r\nb", "a\nb\n", "only in line endings (applied with LF) and the last line break (applied with it)")]
    public void A_difference_that_editors_make_is_told_as_such(string now, string applied, string difference) =>
        Assert.Equal(difference, ChecksumDifference.Explain(File(now), Checksum.Of(Utf8(applied))));

    [Fact]
    public void A_real_edit_is_never_taken_for_a_difference_of_line_endings()
    {
        var texts = ArbMap.Default.ArbFor<NonEmptyString>().Generator.Select(s => s.Get.Replace("\r", string.Empty, StringComparison.Ordinal));
        Prop.ForAll(texts.Two().ToArbitrary(), pair =>
        {
            var (now, then) = pair;
            var same = Canonical(now) == Canonical(then);
            return same == (ChecksumDifference.Explain(File(now), Checksum.Of(Utf8(then))) is not null) || now == then;
        }).QuickCheckThrowOnFailure();
    }

    static string Canonical(string text) => text.TrimStart('\uFEFF').TrimEnd('\n');

    static MigrationFile File(string text) => new("/m/1_a.sql", MigrationFileName.Read("1_a.sql").Name!, Utf8(text), IgnoredCharacters.None);

    static byte[] Utf8(string text) => new System.Text.UTF8Encoding(false).GetBytes(text);

    static MigrationFile Read(JsonElement golden, IgnoredCharacters ignored)
    {
        var content = golden.GetProperty("content_base64").GetBytesFromBase64();
        var name = MigrationFileName.Read(golden.GetProperty("file_name").GetString()!).Name!;
        return new("/m/" + name.FileName, name, content, ignored);
    }
}
