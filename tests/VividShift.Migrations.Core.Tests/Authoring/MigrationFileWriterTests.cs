using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.Core.Tests.Authoring;

public sealed class MigrationFileWriterTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("vs-writer-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Files_are_utf8_without_a_mark_and_the_folder_is_made()
    {
        var paths = MigrationFileWriter.Write(Draft(Path.Combine(_root, "new", "migrations"), new DraftFile("1_a.sql", "é\n")));
        Assert.Equal([Path.Combine(_root, "new", "migrations", "1_a.sql")], paths);
        Assert.Equal("é\n"u8.ToArray(), File.ReadAllBytes(paths[0]));
    }

    [Fact]
    public void When_the_second_file_exists_it_is_kept_and_the_first_is_removed()
    {
        File.WriteAllText(Path.Combine(_root, "1_a.down.sql"), "mine");
        var error = Assert.Throws<MigrationException>(
            () => MigrationFileWriter.Write(Draft(_root, new DraftFile("1_a.up.sql", "up"), new DraftFile("1_a.down.sql", "down"))));
        Assert.Equal(MigrationErrorCode.FileExists, error.Code);
        Assert.Contains("1_a.down.sql", error.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(_root, "1_a.down.sql")], Directory.GetFiles(_root));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_root, "1_a.down.sql")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        var error = Assert.Throws<MigrationException>(
            () => MigrationFileWriter.Write(Draft(Path.Combine(file, "migrations"), new DraftFile("1_a.sql", "x"))));
        Assert.Equal(MigrationErrorCode.PathNotFound, error.Code);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    static NewMigration Draft(string folder, params DraftFile[] files) => new() { Version = new(1, "1"), Folder = folder, Files = files };
}
