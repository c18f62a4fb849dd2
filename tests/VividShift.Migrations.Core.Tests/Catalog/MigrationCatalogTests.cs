using System.Text;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Core.Tests.Catalog;

public sealed class MigrationCatalogTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vs-catalog-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Versions_are_ordered_as_numbers_and_files_are_paired()
    {
        Write("10_c.sql");
        Write("9_b.up.sql");
        Write("9_b.down.sql");
        Write("-1_a.sql");
        var catalog = Load();
        Assert.Equal([-1, 9, 10], catalog.Migrations.Select(m => m.Version));
        Assert.Equal([false, true, false], catalog.Migrations.Select(m => m.Reversible));
        Assert.Empty(catalog.Findings);
    }

    [Fact]
    public void The_guides_pair_of_sql_and_down_sql_is_one_migration()
    {
        Write("20250926152953_initial_schema.sql");
        Write("20250926152953_initial_schema.down.sql");
        var migration = Assert.Single(Load().Migrations);
        Assert.Equal("20250926152953_initial_schema.sql", migration.Up!.FileName);
        Assert.Equal("20250926152953_initial_schema.down.sql", migration.Down!.FileName);
    }

    [Fact]
    public void What_sqlx_ignores_is_ignored()
    {
        Write("schema.sql");
        Write("1_a.SQL");
        Write("README.md");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "1_folder.sql"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "seed_data.sql"));
        var catalog = Load();
        Assert.Empty(catalog.Migrations);
        Assert.Empty(catalog.Findings);
    }

    [Fact]
    public void A_name_on_which_sqlx_dies_is_a_finding()
    {
        Write("seed_data.sql");
        Assert.Equal(("FileNameInvalid", MigrationErrorCode.MigrationFileInvalid), Single());
    }

    [Fact]
    public void Two_files_of_one_version_are_a_finding()
    {
        Write("1_a.sql");
        Write("0001_b.up.sql");
        Assert.Equal(("DuplicateVersion", MigrationErrorCode.DuplicateVersion), Single());
    }

    [Fact]
    public void Two_folders_that_share_a_version_are_a_finding_and_one_folder_twice_is_none()
    {
        var other = _folder.CreateSubdirectory("other").FullName;
        Write("1_a.sql");
        File.WriteAllText(Path.Combine(other, "1_b.sql"), "SELECT 1;");
        var both = MigrationCatalog.Load([_folder.FullName, other], IgnoredCharacters.None);
        Assert.Equal("DuplicateVersion", Assert.Single(both.Findings).Rule);
        Assert.Empty(MigrationCatalog.Load([_folder.FullName, _folder.FullName], IgnoredCharacters.None).Findings);
    }

    [Fact]
    public void A_down_without_an_up_is_a_finding()
    {
        Write("1_a.down.sql");
        Assert.Equal(("DownWithoutUp", MigrationErrorCode.MigrationFileInvalid), Single());
    }

    [Fact]
    public void A_byte_order_mark_is_a_finding_and_stays_in_text_and_checksum()
    {
        byte[] content = [0xEF, 0xBB, 0xBF, .. "SELECT 1;\n"u8];
        File.WriteAllBytes(Path.Combine(_folder.FullName, "1_a.sql"), content);
        var catalog = Load();
        Assert.Equal("ByteOrderMark", Assert.Single(catalog.Findings).Rule);
        Assert.Equal('\uFEFF', catalog.Migrations[0].Up!.Text[0]);
        Assert.Equal(Checksum.Of(content), catalog.Migrations[0].Up!.Checksum);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_finding_with_their_line()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "1_a.sql"), [.. "SELECT 1;\nSELECT 'caf"u8, 0xE9, .. "';\n"u8]);
        var finding = Assert.Single(Load().Findings);
        Assert.Equal(("InvalidUtf8", 2), (finding.Rule, finding.Line));
        Assert.Contains("0xE9", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_followed_and_a_link_to_nowhere_is_a_finding()
    {
        var elsewhere = Path.Combine(_folder.CreateSubdirectory("elsewhere").FullName, "real.txt");
        File.WriteAllText(elsewhere, "SELECT 1;");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "1_linked.sql"), elsewhere);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "2_broken.sql"), elsewhere + ".gone");
        var catalog = Load();
        Assert.Equal([1L], catalog.Migrations.Select(m => m.Version));
        Assert.Equal("FileUnreadable", Assert.Single(catalog.Findings).Rule);
    }

    [Fact]
    public void A_link_to_a_folder_is_ignored_as_a_folder_is()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "1_linked.sql"), _folder.CreateSubdirectory("elsewhere").FullName);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "seed_linked.sql"), Path.Combine(_folder.FullName, "elsewhere"));
        var catalog = Load();
        Assert.Empty(catalog.Migrations);
        Assert.Empty(catalog.Findings);
    }

    [Fact]
    public void Many_files_are_read_at_once_and_their_findings_come_in_the_order_of_the_files()
    {
        const int Count = 700;
        for (var version = Count; version > 0; version--)
        {
            Write(FormattableString.Invariant($"{version:0000}_a.up.sql"), FormattableString.Invariant($"SELECT {version};\n"));
            Write(FormattableString.Invariant($"{version:0000}_a.down.sql"), version % 7 == 0 ? "\uFEFFSELECT 1;" : "SELECT 1;");
        }

        var catalog = Load();
        Assert.Equal(Enumerable.Range(1, Count).Select(v => (long)v), catalog.Migrations.Select(m => m.Version));
        Assert.All(catalog.Migrations, m => Assert.Equal(Checksum.Of(Encoding.UTF8.GetBytes(FormattableString.Invariant($"SELECT {m.Version};\n"))), m.Up!.Checksum));
        Assert.Equal(Enumerable.Range(1, Count / 7).Select(i => (long?)i * 7), catalog.Findings.Select(f => f.Version));
    }

    [Fact]
    public void A_name_that_sqlx_reads_otherwise_is_a_warning_that_refuses_nothing()
    {
        Write("20250926_152953_initial_schema.sql");
        var finding = Assert.Single(Load().Findings);
        Assert.Equal(("NameReadDifferentlyBySqlx", FindingSeverity.Warning, null), (finding.Rule, finding.Severity, finding.RefusedAs));
        Assert.Contains("20250926152953_initial_schema.sql", finding.RecommendedAction!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_an_error_that_names_it()
    {
        var gone = Path.Combine(_folder.FullName, "gone");
        var error = Assert.Throws<MigrationException>(() => MigrationCatalog.Load([gone], IgnoredCharacters.None));
        Assert.Equal(MigrationErrorCode.PathNotFound, error.Code);
        Assert.Contains(gone, error.Message, StringComparison.Ordinal);
    }

    void Write(string name, string text = "SELECT 1;\n") => File.WriteAllText(Path.Combine(_folder.FullName, name), text, new UTF8Encoding(false));

    MigrationCatalog Load() => MigrationCatalog.Load([_folder.FullName], IgnoredCharacters.None);

    (string Rule, MigrationErrorCode? RefusedAs) Single()
    {
        var finding = Assert.Single(Load().Findings);
        return (finding.Rule, finding.RefusedAs);
    }
}
