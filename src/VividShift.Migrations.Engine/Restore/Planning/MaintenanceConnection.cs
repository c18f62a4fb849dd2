using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>The session from which databases are made, renamed and dropped: none of that is possible from within the database
/// itself.</summary>
static class MaintenanceConnection
{
    /// <summary>Connects to <c>postgres</c>, else to <c>template1</c>; never to the database that is worked on.</summary>
    /// <exception cref="MigrationException">As for any session; that of the last one tried.</exception>
    public static async Task<Session> OpenAsync(
        ResolvedDatabase database, SessionPurpose purpose, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        if (database.Target.Database != "postgres")
        {
            try
            {
                return await Session.OpenAsync(database.On("postgres"), purpose, observer, cancellationToken);
            }
            catch (MigrationException e) when (
                database.Target.Database != "template1" && e.Code is MigrationErrorCode.DatabaseMissing or MigrationErrorCode.PermissionDenied)
            {
                observer.Report(new VerboseMessage($"Using template1, because postgres cannot be used: {e.Message}"));
            }
        }

        return await Session.OpenAsync(database.On("template1"), purpose, observer, cancellationToken);
    }
}
