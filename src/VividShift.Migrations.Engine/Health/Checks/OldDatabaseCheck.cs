using System.Data;
using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Health;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>What this database was before a restore took its place: kept to go back to, and forgotten.</summary>
sealed class OldDatabaseCheck : IHealthCheck
{
    const int StampLength = 14;

    // Of a database that one may not connect to, nobody says the size.
    const string ListSql = """
        SELECT d.datname::text AS name, d.datname ~ '_before_restore_[0-9]{14}$' AS old,
               CASE WHEN d.datname ~ '_before_restore_[0-9]{14}$' AND (has_database_privilege(d.oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'MEMBER'))
                    THEN pg_database_size(d.oid) END AS bytes,
               (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid) AS sessions, clock_timestamp() AS now
        FROM pg_database d
        ORDER BY 1
        """;

    public string Title => "databases that restores have replaced";

    public HealthGroup Group => HealthGroup.Server;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var databases = await context.QueryAsync(
            ListSql,
            r => (Name: r.GetString("name"), IsOld: r.GetBoolean("old"), Bytes: r.GetInt64OrNull("bytes"), Sessions: r.GetInt64("sessions"), Now: r.GetTime("now")),
            cancellationToken);
        foreach (var (name, _, bytes, sessions, now) in databases.Where(d => d.IsOld))
        {
            // Long names are cut: one that could have been another's as well is nobody's.
            if (ReplacedAt(name) is { } time && Owners(name, time, databases.Select(d => d.Name)) is [var only] && only == context.Database)
            {
                findings.Add(Describe(context.Database, name, time, now - time, bytes, sessions));
            }
        }
    }

    static DateTimeOffset? ReplacedAt(string name) =>
        DateTimeOffset.TryParseExact(
            name[^StampLength..], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    static List<string> Owners(string name, DateTimeOffset time, IEnumerable<string> databases) =>
        [.. databases.Where(d => d != name && RestoreNames.Old(d, time) == name)];

    static Finding Describe(string database, string name, DateTimeOffset time, TimeSpan age, long? bytes, long sessions) =>
        new("OldDatabaseKept", FindingSeverity.Information, $"{name} is what {database} was before it was restored, and still takes room.")
        {
            DatabaseObject = $"database {SqlQuote.Identifier(name)}",
            Evidence = string.Create(
                CultureInfo.InvariantCulture,
                $"Replaced {HumanReadable.Duration(age)} ago, at {time:u}; {(bytes is { } size ? HumanReadable.Bytes(size) : "its size may not be seen")}; {sessions} session(s) on it."),
            FixSql = $"DROP DATABASE {SqlQuote.Identifier(name)};",
            RecommendedAction = "It is what you can go back to as long as the restored one is not proved. Then its owner may drop it; that fails while somebody is connected to it.",
        };
}
