using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>
/// A backup in the making: a folder whose name says so, beside a lock file that the system lets go of when this process dies. Disposed
/// before it is finished, it vanishes.
/// </summary>
internal sealed class BackupStaging : IDisposable
{
    /// <summary>The state that a backup which failed leaves.</summary>
    public const string NothingLeft = "Nothing of the unfinished backup is left, and the database was only read.";

    const string LockEnding = ".lock";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    readonly FileStream _lock;
    bool _finished;

    BackupStaging(string parent, string folder, FileStream held) => (Parent, Folder, _lock) = (parent, folder, held);

    /// <summary>The folder of backups.</summary>
    public string Parent { get; }

    /// <summary>Where to write.</summary>
    public string Folder { get; }

    /// <summary>Makes an empty one.</summary>
    /// <exception cref="MigrationException">BackupFailed: the folder cannot be written to.</exception>
    public static BackupStaging Create(string parent)
    {
        try
        {
            MakeFolder(parent);
            var folder = Path.Combine(parent, BackupFolder.PartialPrefix + Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant());
            var held = new FileStream(folder + LockEnding, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            MakeFolder(folder);
            return new(parent, folder, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException(
                MigrationErrorCode.BackupFailed,
                $"The folder of backups '{parent}' cannot be written to: {e.Message.TrimEnd('.')}.",
                "Name another one with -Path.",
                e)
            {
                DatabaseState = NothingLeft,
                Target = parent,
            };
        }
    }

    /// <summary>Notes a program that writes into the folder, for whoever finds it after this process was killed.</summary>
    public void Note(Process program)
    {
        _lock.SetLength(0);
        _lock.Write(System.Text.Encoding.ASCII.GetBytes(program.Id.ToString(CultureInfo.InvariantCulture)));
        _lock.Flush();
    }

    /// <summary>Gives it its name; from here on it is a backup.</summary>
    /// <returns>The folder it has now.</returns>
    public string Finish(string name)
    {
        FolderSync.Flush(Folder);
        for (var attempt = 1; ; attempt++)
        {
            var target = Path.Combine(Parent, attempt == 1 ? name : FormattableString.Invariant($"{name}-{attempt}"));
            try
            {
                Directory.Move(Folder, target);
            }
            catch (IOException) when (attempt < 100 && Path.Exists(target))
            {
                // Two within one second: both are wanted.
                continue;
            }

            _finished = true;
            FolderSync.Flush(Parent);
            return target;
        }
    }

    /// <summary>Removes a finished backup so that no half of it is ever seen as one.</summary>
    public static void Remove(string folder)
    {
        using var going = Create(Path.GetDirectoryName(folder)!);
        Directory.Move(folder, Path.Combine(going.Folder, "removed"));
    }

    /// <summary>Removes what killed runs left in a folder of backups, and ends the pg_dump that may still write there.</summary>
    public static async Task RemoveUnfinishedAsync(string parent, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        var everything = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
        var names = Directory.EnumerateFileSystemEntries(parent, BackupFolder.PartialPrefix + "*", everything)
            .Select(path => path.EndsWith(LockEnding, StringComparison.Ordinal) ? path[..^LockEnding.Length] : path)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        foreach (var folder in names)
        {
            try
            {
                await using var held = new FileStream(folder + LockEnding, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                await EndOrphanAsync(held, folder, cancellationToken);
                Delete(folder);
                File.Delete(folder + LockEnding);
                observer.Report(new VerboseMessage($"Removed '{folder}', which a backup that was killed had left."));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                observer.Report(new VerboseMessage($"'{folder}' is somebody's unfinished backup, and is left alone: {e.Message}"));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_finished)
        {
            Delete(Folder);
        }

        File.Delete(_lock.Name);
        _lock.Dispose();
    }

    /// <summary>
    /// Ends a pg_dump whose owner was killed. It does no harm but to the disk: nobody renames what it writes. Its process id may be another's by
    /// now, so it is ended only where the system can show that it writes into the folder.
    /// </summary>
    static async Task EndOrphanAsync(FileStream note, string folder, CancellationToken cancellationToken)
    {
        note.Position = 0;
        using var reader = new StreamReader(note, leaveOpen: true);
        if (!int.TryParse(await reader.ReadToEndAsync(cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !Array.Exists(
                await ProcessTable.ArgumentsAsync(id, cancellationToken), argument => argument.Contains(folder, StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }
}
