using System.ComponentModel;
using System.Diagnostics;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// Who runs the server. PostgreSQL refuses to run as root, so a root shell (a container, a build agent) hands its programs
/// to <c>postgres</c>, else to <c>nobody</c>; everybody else stays who they are. On Windows initdb and pg_ctl give up an
/// administrator's rights by themselves.
/// </summary>
internal sealed class UnprivilegedUser
{
    /// <summary>The user of this process.</summary>
    public static readonly UnprivilegedUser Self = new(null, null, []);

    static readonly string[] Candidates = ["postgres", "nobody"];

    readonly string[] _prefix;

    UnprivilegedUser(string? name, string? owner, string[] prefix) => (Name, Owner, _prefix) = (name, owner, prefix);

    /// <summary>The other user's name; null when programs run as this process's own user.</summary>
    public string? Name { get; }

    // uid:gid, as chown takes it.
    string? Owner { get; }

    /// <summary>The user to run servers as, tried and not assumed.</summary>
    /// <exception cref="MigrationException">ToolMissing: root, and no way to become somebody else.</exception>
    public static async Task<UnprivilegedUser> FindAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return Self;
        }

        foreach (var name in Candidates)
        {
            if (await NumberAsync("-u", name, cancellationToken) is not { } uid || await NumberAsync("-g", name, cancellationToken) is not { } gid)
            {
                continue;
            }

            foreach (var prefix in Prefixes(name, uid, gid))
            {
                var user = new UnprivilegedUser(name, $"{uid}:{gid}", prefix);
                // busybox has a setpriv that cannot change the user, and su may be barred by PAM: only trying tells.
                if (await user.TryAsync("id", ["-u"], cancellationToken) is { Succeeded: true } tried
                    && string.Equals(tried.Output.Trim(), uid, StringComparison.Ordinal))
                {
                    return user;
                }
            }
        }
        throw new MigrationException(
            MigrationErrorCode.ToolMissing,
            "PostgreSQL never runs as root, and no way was found to run it as 'postgres' or 'nobody': setpriv, runuser and su are missing or refuse.",
            "Install util-linux, or run this as an ordinary user.");
    }

    /// <summary>A start description that runs a program as this user.</summary>
    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments)
        => _prefix.Length == 0
            ? ExternalProgram.Describe(program, arguments)
            : ExternalProgram.Describe(_prefix[0], [.. _prefix[1..], program, .. arguments]);

    /// <summary>Runs a program as this user; null when there is no such program.</summary>
    public async Task<ProgramOutput?> TryAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await ExternalProgram.RunAsync(Command(program, arguments), cancellationToken);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>True when this user may make files in the folder, which exists.</summary>
    public async Task<bool> MayWriteAsync(string folder, CancellationToken cancellationToken)
        => Name is null || await TryAsync("test", ["-w", folder, "-a", "-x", folder], cancellationToken) is { Succeeded: true };

    /// <summary>Hands a file or folder over to this user.</summary>
    public async Task GiveAsync(string path, CancellationToken cancellationToken)
    {
        if (Owner is null)
        {
            return;
        }

        var given = await ExternalProgram.RunAsync(ExternalProgram.Describe("chown", ["-h", Owner, path]), cancellationToken);
        if (!given.Succeeded)
        {
            throw new MigrationException(
                MigrationErrorCode.SandboxFailed,
                $"'{path}' could not be given to the user '{Name}'. {SandboxFailure.Tail(given.Text)}",
                "Set VIVIDSHIFT_SANDBOX_HOME to a folder on a local disk.");
        }
    }

    static IEnumerable<string[]> Prefixes(string name, string uid, string gid) =>
    [
        ["setpriv", $"--reuid={uid}", $"--regid={gid}", "--clear-groups", "--"],
        ["runuser", "-u", name, "--"],
        ["su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", name],
    ];

    static async Task<string?> NumberAsync(string which, string name, CancellationToken cancellationToken)
        => await Self.TryAsync("id", [which, name], cancellationToken) is { Succeeded: true } found ? found.Output.Trim() : null;
}
