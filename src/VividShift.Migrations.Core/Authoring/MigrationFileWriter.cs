using System.Text;

namespace VividShift.Migrations.Authoring;

/// <summary>Writes the files of a draft: all of them or none, and never over one that is there.</summary>
public static class MigrationFileWriter
{
    internal const string NoFile = "No file was written.";

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the files as UTF-8 without a byte order mark; makes the folder if it is missing.</summary>
    /// <returns>The files' absolute paths, in the draft's order.</returns>
    /// <exception cref="MigrationException">FileExists; PathNotFound when the folder cannot be written to.</exception>
    public static IReadOnlyList<string> Write(NewMigration draft)
    {
        var written = new List<string>();
        try
        {
            Directory.CreateDirectory(draft.Folder);
            foreach (var file in draft.Files)
            {
                WriteFile(Path.Combine(draft.Folder, file.FileName), file.Text, written);
            }

            return written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EncoderFallbackException)
        {
            written.ForEach(File.Delete);
            throw Translate(draft, e);
        }
    }

    static void WriteFile(string path, string text, List<string> written)
    {
        var bytes = Utf8.GetBytes(text);
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        written.Add(path);
        stream.Write(bytes);
    }

    static MigrationException Translate(NewMigration draft, Exception cause)
    {
        // Asked after the fact: only the file system knows whether the name was taken, whatever its case.
        var taken = draft.Files.Select(f => Path.Combine(draft.Folder, f.FileName)).FirstOrDefault(Path.Exists);
        return taken is null
            ? new(
                MigrationErrorCode.PathNotFound,
                $"The migration cannot be written to '{draft.Folder}': {cause.Message}",
                innerException: cause)
            {
                DatabaseState = "No file was left behind.",
                Target = draft.Folder,
            }
            : new(
                MigrationErrorCode.FileExists,
                $"The file '{taken}' exists, and nothing is ever overwritten.",
                "Choose another name.",
                cause)
            {
                DatabaseState = NoFile,
                Target = taken,
            };
    }
}
