using System.Data;
using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Replication slots that nobody reads: the server keeps its log, and dead rows, for them until its disk is full.</summary>
sealed class ReplicationSlotCheck : IHealthCheck
{
    static string ListSql(HealthContext context) => $$"""
        SELECT s.slot_name::text AS name, s.slot_type AS type, s.database::text AS database,
               pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn()) ELSE pg_current_wal_lsn() END, s.restart_lsn)::bigint AS retained,
               {{(context.Major >= 13 ? "s.wal_status" : "NULL::text")}} AS status,
               {{(context.Major >= 17 ? "extract(epoch FROM clock_timestamp() - s.inactive_since)::float8" : "NULL::float8")}} AS idle
        FROM pg_replication_slots s
        WHERE NOT s.active AND NOT s.temporary AND {{(context.Major >= 17 ? "NOT (s.synced AND pg_is_in_recovery())" : "true")}}
        ORDER BY 1
        """;

    public string Title => "replication slots that nobody reads";

    public HealthGroup Group => HealthGroup.Activity;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql(context);
        foreach (var (name, type, database, retained, status, idle) in await context.QueryAsync(
            sql,
            r => (r.GetString("name"), r.GetString("type"), r.GetStringOrNull("database"), r.GetInt64OrNull("retained"),
                r.GetStringOrNull("status"), r.GetDoubleOrNull("idle")),
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
