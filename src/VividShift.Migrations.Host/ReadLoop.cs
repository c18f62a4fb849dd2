using System.Text;

namespace VividShift.Migrations.Host;

/// <summary>Reads a command, runs it, and asks for the next, until <c>exit</c> or the end of input.</summary>
static class ReadLoop
{
    public static int Run(Session session)
    {
        while (session.Host.ExitCode is null && Read(session) is { } command)
        {
            session.Run(command);
        }

        return session.Host.ExitCode ?? 0;
    }

    static string? Read(Session session)
    {
        var command = new StringBuilder();
        session.Host.UI.Write(session.Prompt());
        while (Console.In.ReadLine() is { } line)
        {
            command.AppendLine(line);
            if (!ScriptPieces.AreIncomplete(command.ToString()))
            {
                return command.ToString();
            }

            session.Host.UI.Write(">> ");
        }

        return null;
    }
}
