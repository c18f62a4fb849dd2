using System.Diagnostics;
using System.Globalization;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>
/// A pg_dump whose owner was killed. It does no harm but to the disk: nobody renames what it writes. Its process id may be another's by
/// now, so it is ended only where the system can show that it writes into our folder.
/// </summary>
static class OrphanedDump
{
    public static void End(FileStream note, string folder)
    {
        note.Position = 0;
        using var reader = new StreamReader(note, leaveOpen: true);
        if (!int.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !WritesInto(folder, id))
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    static bool WritesInto(string folder, int id)
    {
        try
        {
            var said = OperatingSystem.IsLinux()
                ? File.ReadAllText(FormattableString.Invariant($"/proc/{id}/cmdline"))
                : OperatingSystem.IsMacOS() ? Ask(id) : "";
            return said.Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // No such process.
            return false;
        }
    }

    static string Ask(int id)
    {
        using var ps = Process.Start(ExternalProgram.Describe("/bin/ps", ["-o", "command=", "-p", id.ToString(CultureInfo.InvariantCulture)]))!;
        return ps.StandardOutput.ReadToEnd();
    }
}
