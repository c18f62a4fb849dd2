using System.Text.RegularExpressions;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>The commit that is checked out, read from git's own files: git need not be installed where a backup is taken.</summary>
static partial class GitCommit
{
    /// <summary>The commit of the repository that a folder is in; null when it is in none, or nothing was committed yet.</summary>
    public static string? Of(string folder)
    {
        try
        {
            for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            {
                var git = Path.Combine(at.FullName, ".git");
                if (File.Exists(git) || Directory.Exists(git))
                {
                    return Head(GitFolder(git));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is a note in the margin: a repository that cannot be read must not keep anybody from a backup.
        }

        return null;
    }

    /// <summary>In a worktree or a submodule <c>.git</c> is a file that names the folder.</summary>
    static string GitFolder(string git)
    {
        const string Pointer = "gitdir:";
        if (!File.Exists(git))
        {
            return git;
        }

        var text = File.ReadAllText(git).Trim();
        return text.StartsWith(Pointer, StringComparison.Ordinal) ? Path.GetFullPath(text[Pointer.Length..].Trim(), Path.GetDirectoryName(git)!) : git;
    }

    static string? Head(string git)
    {
        const string Reference = "ref:";
        var head = File.ReadAllText(Path.Combine(git, "HEAD")).Trim();
        if (!head.StartsWith(Reference, StringComparison.Ordinal))
        {
            return Commit().IsMatch(head) ? head : null;
        }

        var name = head[Reference.Length..].Trim();
        var commonFile = Path.Combine(git, "commondir");
        var common = File.Exists(commonFile) ? Path.GetFullPath(File.ReadAllText(commonFile).Trim(), git) : git;
        return Resolve(git, name) ?? Resolve(common, name);
    }

    static string? Resolve(string git, string name)
    {
        var loose = Path.Combine(git, name);
        if (File.Exists(loose))
        {
            return File.ReadAllText(loose).Trim() is var commit && Commit().IsMatch(commit) ? commit : null;
        }

        var packed = Path.Combine(git, "packed-refs");
        return !File.Exists(packed)
            ? null
            : File.ReadLines(packed).FirstOrDefault(line => line.EndsWith(" " + name, StringComparison.Ordinal))?.Split(' ')[0];
    }

    [GeneratedRegex("^[0-9a-f]{40}([0-9a-f]{24})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Commit();
}
