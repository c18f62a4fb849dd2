using System.Diagnostics;

namespace VividShift.Migrations.PowerShell.Tests.Guide;

/// <summary>A program of this machine whose output is read.</summary>
static class ProgramRun
{
    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
