using VividShift.Migrations.Activity;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Activity;

/// <summary>Looks at sessions and ends them. Its own are read-only: a signal is no write, and a standby has sessions, too.</summary>
sealed class ActivityService(OpenDatabase opened) : IActivityService
{
    public Task<IReadOnlyList<DatabaseActivity>> GetAsync(
        ActivityRequest request, IMigrationObserver observer, CancellationToken cancellationToken) => opened.UseAsync(
            observer,
            async database =>
            {
                await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
                var seen = await ActivityReader.ReadAsync(session, cancellationToken);
                TellWhatIsHidden(seen, request, database, observer);
                return ActivityFilter.Apply(seen.Sessions, request, seen.Database);
            },
            cancellationToken);

    public Task<IReadOnlyList<StopActivityResult>> StopAsync(
        IReadOnlyList<StopActivityRequest> ends, IMigrationObserver observer, CancellationToken cancellationToken) => opened.UseAsync(
            observer,
            async database =>
            {
                ThrowIfElsewhere(ends, database.Target);
                await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
                return await new ActivityStop(session, observer).RunAsync(ends, cancellationToken);
            },
            cancellationToken);

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
                "Give both commands the same connection.")
            {
                DatabaseState = "Nothing was ended.",
                Target = elsewhere,
            };
        }
    }
}
