using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>
/// How the sessions of pg_restore are set. Nobody relies on the new database before it has its name, and the commit that gives it one makes
/// all earlier ones durable.
/// </summary>
static class RestoreSessions
{
    /// <summary>Settings in the form of PGOPTIONS.</summary>
    /// <param name="server">The server that is restored to.</param>
    /// <param name="jobs">How many jobs restore at a time.</param>
    public static string Options(ResolvedDatabase server, int jobs)
    {
        const string NoWaiting = "-c synchronous_commit=off";
        // Each job's index build would bring two parallel workers of its own; where the jobs keep every core busy these only get in the way.
        return IsHere(server) && jobs * 2 > Environment.ProcessorCount
            ? NoWaiting + " -c max_parallel_maintenance_workers=0"
            : NoWaiting;
    }

    static bool IsHere(ResolvedDatabase server) => server.Target.Host is var host
        && (HostName.IsSocketFolder(host) || host is "localhost" or "::1" || host.StartsWith("127.", StringComparison.Ordinal));
}
