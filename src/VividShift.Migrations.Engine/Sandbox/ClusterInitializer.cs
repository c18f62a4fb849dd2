using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// Makes a data folder with initdb: UTF-8, a password for everybody, loopback only. It is made under another name and
/// renamed when complete, so a data folder is either whole or absent.
/// </summary>
/// <param name="binaries">The programs to make it with.</param>
/// <param name="user">Who owns it.</param>
/// <param name="durable">False for a server whose data nobody will miss: it never waits for the disk.</param>
internal sealed class ClusterInitializer(ServerBinaries binaries, UnprivilegedUser user, bool durable)
{
    static readonly string[] Settings = ["listen_addresses = '127.0.0.1'", "unix_socket_directories = ''"];
    static readonly string[] HastySettings = ["fsync = off", "synchronous_commit = off", "full_page_writes = off"];

    /// <summary>Makes the folder.</summary>
    /// <param name="dataFolder">Does not exist; its parent does and belongs to the user.</param>
    /// <param name="role">The first superuser.</param>
    /// <param name="password">Its password. Goes to initdb by a file only the user can read and that is gone afterwards.</param>
    /// <param name="settings">Lines for postgresql.conf beside our own.</param>
    /// <param name="cancellationToken">Ends initdb and removes what it made.</param>
    public async Task MakeAsync(
        string dataFolder, string role, string password, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(dataFolder)!;
        RemoveLeftovers(dataFolder);
        var unfinished = dataFolder + ".new-" + Path.GetRandomFileName();
        var passwordFile = unfinished + ".pw";
        try
        {
            await SecretFile.WriteAsync(passwordFile, password, cancellationToken);
            await user.GiveAsync(passwordFile, cancellationToken);
            var run = await InitdbAsync(unfinished, role, passwordFile, "C.UTF-8", cancellationToken);
            // Not every system has it: macOS and Windows do not, nor does an old libc.
            if (!run.Succeeded && run.Text.Contains("locale", StringComparison.Ordinal))
            {
                run = await InitdbAsync(unfinished, role, passwordFile, "C", cancellationToken);
            }

            if (!run.Succeeded)
            {
                throw Failed(parent, run);
            }

            await File.AppendAllLinesAsync(
                Path.Combine(unfinished, "postgresql.conf"),
                ["", "# VividShift.Migrations", .. Settings, .. durable ? [] : HastySettings, .. settings],
                cancellationToken);
            Directory.Move(unfinished, dataFolder);
        }
        finally
        {
            File.Delete(passwordFile);
            RemoveLeftovers(dataFolder);
        }
    }

    static void RemoveLeftovers(string dataFolder)
    {
        var parent = Path.GetDirectoryName(dataFolder)!;
        var pattern = Path.GetFileName(dataFolder) + ".new-*";
        foreach (var file in Directory.EnumerateFiles(parent, pattern))
        {
            File.Delete(file);
        }

        foreach (var folder in Directory.EnumerateDirectories(parent, pattern))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    async Task<ProgramOutput> InitdbAsync(string folder, string role, string passwordFile, string locale, CancellationToken cancellationToken)
        => await ExternalProgram.RunAsync(
            user.Command(
                binaries.Initdb, "-D", folder, "-U", role, "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8",
                "--locale", locale, "--lc-messages", "C", durable ? "--data-checksums" : "--no-sync"),
            cancellationToken);

    MigrationException Failed(string parent, ProgramOutput run) => new(
        MigrationErrorCode.SandboxFailed,
        $"initdb {binaries.Version} ('{binaries.Initdb}') could not make a data folder in '{parent}'. {SandboxFailure.Tail(run.Text)}",
        "Fix what initdb names, then run Start-VsSandbox again.")
    {
        DatabaseState = "No data folder was made and nothing was started.",
    };
}
