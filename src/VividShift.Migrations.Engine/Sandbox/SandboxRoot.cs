namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// Decides where sandboxes live: <c>VIVIDSHIFT_SANDBOX_HOME</c>, else the user's data folder. Root's own folder is closed to the
/// user that the server runs as; then it is a folder of the system.
/// </summary>
internal static class SandboxRoot
{
    const string SystemHome = "/var/lib/vividshift-sandbox";

    /// <summary>The home, which may not exist yet. Makes nothing.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the variable holds a relative path, or no folder is known.</exception>
    public static async Task<string> FindAsync(UnprivilegedUser user, Func<string, string?> variable, CancellationToken cancellationToken)
    {
        if (variable("VIVIDSHIFT_SANDBOX_HOME") is { Length: > 0 } chosen)
        {
            return Path.IsPathFullyQualified(chosen)
                ? Path.GetFullPath(chosen)
                : throw Invalid($"VIVIDSHIFT_SANDBOX_HOME is '{chosen}', which is not an absolute path.");
        }
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (data.Length == 0)
        {
            throw Invalid("This user has no data folder (HOME is not set).");
        }

        return await MayEnterAsync(user, data, cancellationToken) ? Path.Combine(data, "VividShift.Migrations", "sandbox") : SystemHome;
    }

    /// <summary>Makes home and folder, the folder for the server's user alone.</summary>
    /// <exception cref="MigrationException">SandboxFailed: that user cannot use it.</exception>
    public static async Task PrepareAsync(SandboxPaths place, UnprivilegedUser user, CancellationToken cancellationToken)
    {
        Make(place.Home, user.Name is null ? UnixFileMode.None : UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Make(place.Folder, UnixFileMode.None);
        await user.GiveAsync(place.Folder, cancellationToken);
        if (await user.MayWriteAsync(place.Folder, cancellationToken))
        {
            return;
        }

        throw new MigrationException(
            MigrationErrorCode.SandboxFailed,
            $"The sandbox server runs as '{user.Name}', never as root, and that user cannot use '{place.Folder}'.",
            "Set VIVIDSHIFT_SANDBOX_HOME to a folder whose parents everybody may enter.");
    }

    static void Make(string folder, UnixFileMode more)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | more);
        }
    }

    // The deepest folder that exists tells: it can be entered only when all above it can.
    static async Task<bool> MayEnterAsync(UnprivilegedUser user, string folder, CancellationToken cancellationToken)
    {
        if (user.Name is null)
        {
            return true;
        }

        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return await user.TryAsync("test", ["-x", existing], cancellationToken) is { Succeeded: true };
    }

    static MigrationException Invalid(string what) => new(
        MigrationErrorCode.ConfigurationInvalid,
        what,
        "Set VIVIDSHIFT_SANDBOX_HOME to an absolute folder.");
}
