using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>One view of a database that several sessions and programs share, for as long as its owner's transaction is open.</summary>
static class Snapshot
{
    /// <summary>Begins a transaction in the session and gives its view a name.</summary>
    public static async Task<string> ExportAsync(Session session, CancellationToken cancellationToken)
    {
        await session.BeginReadingAsync(snapshot: null, cancellationToken);
        return (await session.ScalarAsync<string>("SELECT pg_export_snapshot()", cancellationToken))!;
    }
}
