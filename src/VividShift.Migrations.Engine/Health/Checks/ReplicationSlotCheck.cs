using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Replication slots that nobody reads: the server keeps its log, and dead rows, for them until its disk is full.</summary>
sealed class ReplicationSlotCheck : IHealthCheck
{
    const string ListSql = """
        SELECT s.slot_name::text, s.slot_type, s.database::text,
               pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn()) ELSE pg_current_wal_lsn() END, s.restart_lsn)::bigint,
               {status}, {since}
        FROM pg_replication_slots s
        WHERE NOT s.active AND NOT s.temporary AND {local}
        ORDER BY 1
        """;

    public string Title => "replication slots that nobody reads";

    public HealthGroup Group => HealthGroup.Activity;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql
            .Replace("{status}", context.Major >= 13 ? "s.wal_status" : "NULL::text", StringComparison.Ordinal)
            .Replace("{since}", context.Major >= 17 ? "extract(epoch FROM clock_timestamp() - s.inactive_since)::float8" : "NULL::float8", StringComparison.Ordinal)
            // A standby keeps copies of its primary's slots, which are inactive by nature.
            .Replace("{local}", context.Major >= 17 ? "NOT (s.synced AND pg_is_in_recovery())" : "true", StringComparison.Ordinal);
        foreach (var (name, type, database, retained, status, idle) in await context.QueryAsync(
            sql,
            r => (r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), r.IsDBNull(3) ? (long?)null : r.GetInt64(3),
                r.IsDBNull(4) ? null : r.GetString(4), r.IsDBNull(5) ? (double?)null : r.GetDouble(5)),
            cancellationToken))
        {
            var lost = status is "lost" or "unreserved";
            findings.Add(new("InactiveReplicationSlot", lost || retained >= context.Thresholds.RetainedWalBytes ? FindingSeverity.Error : FindingSeverity.Warning,
                status == "lost"
                    ? $"The replication slot {name} is inactive, and the log that its reader needs is gone."
                    : $"The replication slot {name} is inactive: the server keeps its log for it until the disk is full.")
            {
                DatabaseObject = $"replication slot {SqlQuote.Identifier(name)}",
                Evidence = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{type}{(database is null ? "" : $" in {database}")}; {(retained is { } bytes ? $"keeps {HumanReadable.Bytes(bytes)} of log" : "keeps no log yet")}")
                    + (status is null ? "" : $" ({status})") + (idle is { } seconds ? $", inactive for {HumanReadable.Duration(TimeSpan.FromSeconds(seconds))}" : "") + ".",
                FixSql = $"SELECT pg_catalog.pg_drop_replication_slot({SqlQuote.Literal(name)});",
                RecommendedAction = "A standby or subscriber that comes back needs it: without its slot it has to be made anew. Drop it when nobody will come back.",
            });
        }
    }
}
