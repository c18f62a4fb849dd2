using System.Text;

namespace VividShift.Migrations.Testing;

/// <summary>A folder of migrations that is gone when the test is. Files hold exactly the bytes that were given.</summary>
public sealed class MigrationFolder : IDisposable
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes an empty folder.</summary>
    public MigrationFolder() => Directory.CreateDirectory(Path);

    /// <summary>The folder, absolute.</summary>
    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), "vividshift-migrations-" + System.IO.Path.GetRandomFileName());

    /// <summary>Writes a file, in a subfolder when the name has one; line ends stay as they are and there is no byte order mark.</summary>
    /// <returns>The file's absolute path.</returns>
    public string Add(string name, string text) => Add(name, Utf8.GetBytes(text));

    /// <summary>Writes a file of these bytes.</summary>
    /// <returns>The file's absolute path.</returns>
    public string Add(string name, byte[] bytes)
    {
        var file = PathOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    /// <summary>Where a file of that name is, or would be.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Takes a file away.</summary>
    public void Remove(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
