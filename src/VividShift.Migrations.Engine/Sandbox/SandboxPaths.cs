using System.Security.Cryptography;
using System.Text;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>Where the files of one project's server are, within the home of all of them.</summary>
internal sealed class SandboxPaths
{
    const int ReadableLength = 40;

    /// <summary>Only works the paths out; nothing is made or looked at.</summary>
    /// <param name="home">The home, absolute.</param>
    /// <param name="projectFolder">The project, absolute.</param>
    public SandboxPaths(string home, string projectFolder)
    {
        ProjectFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(projectFolder));
        Home = home;
        Folder = Path.Combine(home, KeyOf(ProjectFolder));
    }

    /// <summary>The project, without a separator at its end.</summary>
    public string ProjectFolder { get; }

    /// <summary>Holds the folders of all projects.</summary>
    public string Home { get; }

    /// <summary>All that belongs to the server.</summary>
    public string Folder { get; }

    /// <summary>PostgreSQL's data folder.</summary>
    public string DataFolder => Path.Combine(Folder, "data");

    /// <summary>What the server says.</summary>
    public string LogFile => Path.Combine(Folder, "server.log");

    /// <summary>Port and password.</summary>
    public string StateFile => Path.Combine(Folder, "sandbox.json");

    /// <summary>Held by whoever starts or stops. Beside the folder, as removing it would let two in.</summary>
    public string LockFile => Folder + ".lock";

    /// <summary>True when a server was made here, or begun.</summary>
    public bool Exists => Directory.Exists(Folder);

    static string KeyOf(string projectFolder)
    {
        var name = Path.GetFileName(projectFolder);
        var readable = string.Concat(name.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-'))
            .Trim('-');
        if (readable.Length == 0)
        {
            readable = "project";
        }
        // One folder, one server, however its name is written.
        var spelling = OperatingSystem.IsWindows() ? projectFolder.ToUpperInvariant() : projectFolder;
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(spelling)));
        return $"{(readable.Length > ReadableLength ? readable[..ReadableLength] : readable)}-{hash[..12]}";
    }
}
