using System.Security.Cryptography;
using System.Text.Json;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// What must be remembered about a server that PostgreSQL does not keep itself; only its owner can read the file. A class and not
/// a record, so that nothing prints the password by accident.
/// </summary>
internal sealed class SandboxState
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>The project, for people who find the file.</summary>
    public required string ProjectFolder { get; init; }

    /// <summary>The password of the one role.</summary>
    public required string Password { get; init; }

    /// <summary>The port it had last: taken again when it is free, so that tools which remember it keep working.</summary>
    public int? Port { get; init; }

    /// <summary>The version that ran last.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Where its programs were.</summary>
    public string? BinaryFolder { get; init; }

    /// <summary>The state of a server that is yet to be made.</summary>
    public static SandboxState ForNew(string projectFolder)
        => new() { ProjectFolder = projectFolder, Password = Convert.ToHexString(RandomNumberGenerator.GetBytes(24)) };

    /// <summary>What was remembered; null when nothing was.</summary>
    /// <exception cref="MigrationException">SandboxFailed: the file does not make sense.</exception>
    public static async Task<SandboxState?> ReadAsync(SandboxPaths place, CancellationToken cancellationToken)
    {
        try
        {
            var text = await File.ReadAllTextAsync(place.StateFile, cancellationToken);
            return JsonSerializer.Deserialize<SandboxState>(text, Json) ?? throw new JsonException("It holds null.");
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException damaged)
        {
            throw new MigrationException(
                MigrationErrorCode.SandboxFailed,
                $"'{place.StateFile}', which holds the sandbox's port and password, is damaged.",
                SandboxFailure.BeginAfresh,
                damaged)
            {
                DatabaseState = "The data is as it was, and nobody can sign in to it.",
            };
        }
    }

    /// <summary>Remembers this, in one step: another process sees the old file or the new one.</summary>
    public async Task WriteAsync(SandboxPaths place, CancellationToken cancellationToken)
    {
        var unfinished = place.StateFile + ".new";
        File.Delete(unfinished);
        await SecretFile.WriteAsync(unfinished, JsonSerializer.Serialize(this, Json), cancellationToken);
        File.Move(unfinished, place.StateFile, overwrite: true);
    }

    /// <summary>The same server, after it was started.</summary>
    public SandboxState Started(int port, ServerBinaries binaries) => new()
    {
        ProjectFolder = ProjectFolder,
        Password = Password,
        Port = port,
        ServerVersion = binaries.Version,
        BinaryFolder = binaries.Folder,
    };
}

/// <summary>Files that hold a password: born readable for their owner alone, never opened up in between.</summary>
internal static class SecretFile
{
    /// <summary>Writes a file that does not exist yet. On Windows the user's own folders keep others out.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }
}
