using System.Security.Cryptography;
using VividShift.Migrations.Backup;

namespace VividShift.Migrations.Engine.Backup.Manifest;

/// <summary>The files of a backup as they are on disk.</summary>
static class BackupFiles
{
    const int BufferSize = 1 << 20;

    // To hash is slower than to read, as long as there are few readers.
    const int FilesAtATime = 4;

    /// <summary>Every file below a folder, by relative path with slashes; the sealed ones, which vouch for themselves, are left
    /// out.</summary>
    public static IReadOnlyList<string> Names(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(name => name is not (BackupFolder.Manifest or BackupFolder.Verification)
                && name is not (BackupFolder.Verification + ChecksummedJson.TemporaryEnding))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Size and hash of a file; null when it is not there.</summary>
    public static async Task<BackupFile?> ReadAsync(string folder, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(
                Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
            var hash = await SHA256.HashDataAsync(stream, cancellationToken);
            return new(name, stream.Length, Convert.ToHexString(hash).ToLowerInvariant());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Hashes every file, and closes each to everybody but its owner.</summary>
    public static async Task<IReadOnlyList<BackupFile>> SealAsync(string folder, CancellationToken cancellationToken)
    {
        var names = Names(folder);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var name in names)
            {
                File.SetUnixFileMode(Path.Combine(folder, name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        return await EachAsync(names, async (name, _, token) => (await ReadAsync(folder, name, token))!, cancellationToken);
    }

    /// <summary>Does something with each of several files, a few at a time.</summary>
    /// <param name="files">The files.</param>
    /// <param name="read">What to do with a file, whose place among the others it is told.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What came of each, in their order.</returns>
    public static async Task<IReadOnlyList<TResult>> EachAsync<TFile, TResult>(
        IReadOnlyList<TFile> files, Func<TFile, int, CancellationToken, Task<TResult>> read, CancellationToken cancellationToken)
    {
        var results = new TResult[files.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(FilesAtATime, Environment.ProcessorCount), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, files.Count, options, async (place, token) => results[place] = await read(files[place], place, token));
        return results;
    }
}
