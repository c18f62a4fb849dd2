using VividShift.Migrations.Activity;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Activity;

/// <summary>Looks at sessions and ends them. Its own are read-only: a signal is no write, and a standby has sessions, too.</summary>
sealed class ActivityService(ConnectionResolver resolver) : IActivityService
{
    public async Task<IReadOnlyList<DatabaseActivity>> GetAsync(
        DatabaseRequest database, ActivityRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var resolved = await resolver.ResolveAsync(database, observer, cancellationToken);
        var seen = await EngineBoundary.GuardAsync(
            resolved.Target,
            async () =>
            {
                await using var session = await Session.OpenAsync(resolved, SessionPurpose.ReadOnly, observer, cancellationToken);
                return await ActivityReader.ReadAsync(session, cancellationToken);
            },
            cancellationToken);
        TellWhatIsHidden(seen, request, resolved, observer);
        return ActivityFilter.Apply(seen.Sessions, request, seen.Database);
    }

    public async Task<IReadOnlyList<StopActivityResult>> StopAsync(
        DatabaseRequest database, IReadOnlyList<StopActivityRequest> ends, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var resolved = await resolver.ResolveAsync(database, observer, cancellationToken);
        ThrowIfElsewhere(ends, resolved.Target);
        return await EngineBoundary.GuardAsync(
            resolved.Target,
            async () =>
            {
                await using var session = await Session.OpenAsync(resolved, SessionPurpose.ReadOnly, observer, cancellationToken);
                return await new ActivityStop(session, observer).RunAsync(ends, cancellationToken);
            },
            cancellationToken);
    }

    static void TellWhatIsHidden(ActivityReader seen, ActivityRequest request, ResolvedDatabase database, IMigrationObserver observer)
    {
        var hidden = seen.Sessions.Count(s => s.State == ActivityState.Hidden && (request.AllDatabases || s.Database == seen.Database));
        if (hidden > 0)
        {
            observer.Report(new WarningRaised(FormattableString.Invariant(
                $"What {hidden} session(s) of other roles are doing cannot be seen by '{database.Target.UserName}': they are shown only where they block somebody. ") +
                "A member of pg_read_all_stats (or pg_monitor) sees everything."));
        }
    }

    static void ThrowIfElsewhere(IReadOnlyList<StopActivityRequest> ends, DatabaseTarget server)
    {
        var elsewhere = ends.Select(e => e.Activity).FirstOrDefault(a =>
            !string.Equals(a.SeenFrom.Host, server.Host, StringComparison.OrdinalIgnoreCase) || a.SeenFrom.Port != server.Port);
        if (elsewhere is not null)
        {
            throw new MigrationException(
                MigrationErrorCode.DatabaseMismatch,
                $"Session {elsewhere} was seen through {elsewhere.SeenFrom}, and this is {server}: there its process id means another session.",
                "Give both commands the same connection.") { DatabaseState = "Nothing was ended.", Target = elsewhere };
        }
    }
}
