using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VividShift.Migrations.Authoring;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Core.Tests.Authoring;

public sealed class NewMigrationTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2025, 9, 26, 15, 29, 53, TimeSpan.Zero);
    static readonly MigrationTemplate Template = new("x", "/templates/x.up.sql", "up", "down");

    readonly string _folder = Directory.CreateTempSubdirectory("vs-draft-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_new_folder_gets_pairs_as_sqlx_makes_them()
    {
        var draft = NewMigration.Of(Request("add users"), Now);
        Assert.Equal(["20250926152953_add_users.up.sql", "20250926152953_add_users.down.sql"], draft.Files.Select(f => f.FileName));
        Assert.Equal(["up\n", "down\n"], draft.Files.Select(f => f.Text));
    }

    [Fact]
    public void A_folder_in_the_guides_form_goes_on_in_it()
    {
        Touch("20250101000000_a.sql", "20250101000000_a.down.sql");
        Assert.Equal(["20250926152953_b.sql", "20250926152953_b.down.sql"], Names(Request("b")));
    }

    [Theory]
    [InlineData(null, null, 2)]
    [InlineData(null, "reversible", 2)]
    [InlineData(null, "simple", 1)]
    [InlineData(null, "inferred", 1)]
    [InlineData(true, "reversible", 1)]
    [InlineData(false, "simple", 2)]
    public void How_many_files_there_are_is_said_by_the_user_then_by_the_configuration(bool? simple, string? configured, int files)
    {
        Touch("20250101000000_a.sql");
        Assert.Equal(files, Names(Request("b") with { Simple = simple, DefaultType = configured }).Count());
    }

    [Theory]
    [InlineData(null, null, "0002")]
    [InlineData(null, "inferred", "0002")]
    [InlineData(null, "timestamp", "20250926152953")]
    [InlineData(false, "sequential", "20250926152953")]
    [InlineData(true, "timestamp", "0002")]
    public void How_versions_are_made_is_said_by_the_user_then_by_the_configuration_then_by_the_folder(
        bool? sequential, string? configured, string version)
    {
        Touch("0001_a.up.sql", "0001_a.down.sql");
        var request = Request("b") with { Sequential = sequential, DefaultVersioning = configured };
        Assert.Equal(version, NewMigration.Of(request, Now).Version.Text);
    }

    [Fact]
    public void A_name_that_would_be_read_as_part_of_the_version_is_refused()
    {
        var error = Assert.Throws<MigrationException>(() => NewMigration.Of(Request("152953_a") with { Version = 20250926 }, Now));
        Assert.Equal(MigrationErrorCode.NameInvalid, error.Code);
    }

    [Fact]
    public void A_template_without_a_down_part_serves_simple_migrations_only()
    {
        var template = new MigrationTemplate("mine", "/templates/mine.up.sql", "up", null);
        Assert.Single(Names(Request("b") with { Template = template, Simple = true }));
        var error = Assert.Throws<MigrationException>(() => NewMigration.Of(Request("b") with { Template = template }, Now));
        Assert.Equal(MigrationErrorCode.TemplateInvalid, error.Code);
        Assert.Contains("/templates/mine.down.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_name_is_as_long_as_file_systems_take()
    {
        var longest = new string('é', (255 - "20250926152953_.down.sql".Length) / 2);
        Assert.Equal(2, Names(Request(longest)).Count());
        Assert.Equal(MigrationErrorCode.NameInvalid, Assert.Throws<MigrationException>(() => Names(Request(longest + "ab")).Count()).Code);
    }

    [Fact]
    public void Any_name_is_refused_or_makes_files_in_the_folder_that_are_read_back_the_same() =>
        Prop.ForAll(Names(), Numbers(), ArbMap.Default.ArbFor<bool>(), (name, version, simple) =>
        {
            try
            {
                var draft = NewMigration.Of(Request(name) with { Version = version, Simple = simple }, Now);
                return draft.Files.All(f => IsReadBack(f.FileName, version, name));
            }
            catch (MigrationException e)
            {
                return e.Code == MigrationErrorCode.NameInvalid;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    bool IsReadBack(string fileName, long version, string name)
    {
        var read = MigrationFileName.Read(fileName).Name;
        return Path.GetDirectoryName(Path.GetFullPath(Path.Combine(_folder, fileName))) == _folder
            && Encoding.UTF8.GetByteCount(fileName) <= 255
            && read is not null
            && read.Version == version
            && read.SqlxVersion == version
            && read.Description == name.Replace('_', ' ').Replace('\u00A0', ' ');
    }

    // Dense where trouble lies: separators, endings, digits that look like a time of day, devices, halves of characters.
    static Arbitrary<string> Names()
    {
        var piece = Gen.Elements(
            "a", "Z", "é", "データ", "_", "__", " ", ".", "..", "/", "\\", ":", "'", "\"", "\0", "\n", "\uFEFF", "\uD83D", "\uDE00",
            "\u00A0", "-", "+", "1", "152953", "152953_", ".sql", ".up", ".down", ".up.sql", "con", "nul", "%", "$", "~", "*", "\u200B");
        return Gen.Sized(size => Gen.ListOf(piece, 1 + (size % 7)).Select(string.Concat)).ToArbitrary();
    }

    static Arbitrary<long> Numbers() =>
        Gen.OneOf(Gen.Choose(0, int.MaxValue).Select(n => (long)n), Gen.Elements(0L, 20250926L, 20250926152953L, long.MaxValue))
            .ToArbitrary();

    NewMigrationRequest Request(string name) => new() { Name = name, Folder = _folder, Template = Template };

    static IEnumerable<string> Names(NewMigrationRequest request) => NewMigration.Of(request, Now).Files.Select(f => f.FileName);

    void Touch(params string[] names)
    {
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(_folder, name), "");
        }
    }
}
