namespace VividShift.Migrations.Engine.Sandbox;

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
