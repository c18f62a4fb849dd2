using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.Core.Tests.Authoring;

public sealed class TemplateFoldersTests : IDisposable
{
    readonly string _own = Directory.CreateTempSubdirectory("vs-own-").FullName;
    readonly string _shipped = Directory.CreateTempSubdirectory("vs-shipped-").FullName;

    public void Dispose()
    {
        Directory.Delete(_own, recursive: true);
        Directory.Delete(_shipped, recursive: true);
    }

    [Fact]
    public void Ones_own_template_hides_the_shipped_one_of_its_name()
    {
        Write(_shipped, "table.up.sql", "-- Shipped.");
        Write(_shipped, "table.down.sql", "");
        Write(_shipped, "index.up.sql", "");
        Write(_own, "Table.up.sql", "-- Own.");
        var folders = new TemplateFolders(_own, _shipped, Path.Combine(_own, "missing"));
        Assert.Equal(["Table", "index"], folders.Names);
        Assert.Equal("Own.", folders.Load("table").Description);
        // The shipped down part belongs to another template.
        Assert.False(folders.Load("table").Reversible);
    }

    [Fact]
    public void A_template_that_is_not_there_is_answered_with_those_that_are()
    {
        Write(_shipped, "table.up.sql", "");
        Write(_shipped, "notes.sql", "");
        var error = Assert.Throws<MigrationException>(() => new TemplateFolders(_shipped).Load("tabel"));
        Assert.Equal(MigrationErrorCode.TemplateInvalid, error.Code);
        Assert.Contains("There are: table.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_looked_for_in_the_folder_and_nowhere_else()
    {
        Write(_shipped, "table.up.sql", "");
        var error = Assert.Throws<MigrationException>(() => new TemplateFolders(_own).Load($"../{Path.GetFileName(_shipped)}/table"));
        Assert.Equal(MigrationErrorCode.TemplateInvalid, error.Code);
    }

    [Fact]
    public void A_template_that_is_not_utf8_is_named()
    {
        File.WriteAllBytes(Path.Combine(_own, "bad.up.sql"), [0x2D, 0x2D, 0xE9]);
        var error = Assert.Throws<MigrationException>(() => new TemplateFolders(_own).Load("bad"));
        Assert.Equal(MigrationErrorCode.TemplateInvalid, error.Code);
        Assert.Contains("bad.up.sql", error.Message, StringComparison.Ordinal);
    }

    static void Write(string folder, string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
}
