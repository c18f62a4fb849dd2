using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Sessions that keep locks, and dead rows, for too long.</summary>
sealed class SessionCheck : IHealthCheck
{
    const int LongestQuery = 120;

    const string ListSql = """
        SELECT a.pid, a.usename::text, a.datname::text, a.application_name, a.client_addr::text, a.state,
               extract(epoch FROM clock_timestamp() - a.xact_start)::float8, extract(epoch FROM clock_timestamp() - a.query_start)::float8,
               extract(epoch FROM clock_timestamp() - a.state_change)::float8, a.query,
               a.state IS NULL AND a.query = '<insufficient privilege>'
        FROM pg_stat_activity a
        WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
        ORDER BY a.pid
        """;

    public string Title => "sessions that hold on for too long";

    public HealthGroup Group => HealthGroup.Activity;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sessions = await context.QueryAsync(
            ListSql,
            r => new ClientSession
            {
                ProcessId = r.GetInt32(0),
                Who = string.Join(", ", Enumerable.Range(1, 4).Where(i => !r.IsDBNull(i)).Select(r.GetString).Where(text => text.Length > 0)),
                State = r.IsDBNull(5) ? "" : r.GetString(5),
                Transaction = Seconds(r.IsDBNull(6) ? null : r.GetDouble(6)),
                Statement = Seconds(r.IsDBNull(7) ? null : r.GetDouble(7)),
                Idle = Seconds(r.IsDBNull(8) ? null : r.GetDouble(8)),
                Query = r.IsDBNull(9) ? "" : r.GetString(9),
                Hidden = !r.IsDBNull(10) && r.GetBoolean(10),
            },
            cancellationToken);
        foreach (var session in sessions)
        {
            if (Judge(session, context.Thresholds) is { } finding)
            {
                findings.Add(finding);
            }
        }

        if (sessions.Count(s => s.Hidden) is > 0 and var hidden)
        {
            findings.Add(CheckFailure.NotPermitted(Title, string.Create(CultureInfo.InvariantCulture, $"{hidden} session(s) of other roles cannot be seen.")));
        }
    }

    static Finding? Judge(ClientSession session, HealthThresholds thresholds) => session switch
    {
        { State: "idle in transaction" or "idle in transaction (aborted)" } when session.Idle >= thresholds.IdleInTransaction =>
            Describe("IdleInTransaction", session, $"has done nothing for {HumanReadable.Duration(session.Idle)} within a transaction", ends: true),
        { State: "active" } when session.Statement >= thresholds.LongStatement =>
            Describe("LongStatement", session, $"has been running one statement for {HumanReadable.Duration(session.Statement)}", ends: false),
        _ when session.Transaction >= thresholds.LongTransaction =>
            Describe("LongTransaction", session, $"has had a transaction open for {HumanReadable.Duration(session.Transaction)}", ends: true),
        _ => null,
    };

    static Finding Describe(string rule, ClientSession session, string what, bool ends) =>
        new(rule, FindingSeverity.Warning, $"The session {session.Name} {what}: it keeps its locks, and vacuum from removing dead rows.")
        {
            DatabaseObject = $"session {session.Name}",
            Evidence = $"{session.Who}; transaction open for {HumanReadable.Duration(session.Transaction)}; {(ends ? "last " : "")}statement: {session.ShownQuery}",
            FixSql = $"SELECT pg_catalog.{(ends ? "pg_terminate_backend" : "pg_cancel_backend")}({session.Name});",
            RecommendedAction = ends
                ? "What it has not committed is lost. Ask whose it is first; idle_in_transaction_session_timeout does it by itself."
                : "It cancels the statement; the session lives on. Ask whose it is first.",
        };

    static TimeSpan Seconds(double? seconds) => TimeSpan.FromSeconds(Math.Max(0, seconds ?? 0));

    sealed record ClientSession
    {
        public required int ProcessId { get; init; }

        public required string Who { get; init; }

        public required string State { get; init; }

        public required TimeSpan Transaction { get; init; }

        public required TimeSpan Statement { get; init; }

        public required TimeSpan Idle { get; init; }

        public required string Query { get; init; }

        public required bool Hidden { get; init; }

        public string Name => ProcessId.ToString(CultureInfo.InvariantCulture);

        /// <summary>On one line, and never with a password that ALTER ROLE or a connection string may hold.</summary>
        public string ShownQuery
        {
            get
            {
                var line = string.Join(' ', Query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                return line.Contains("password", StringComparison.OrdinalIgnoreCase)
                    ? "(not shown, as it mentions a password)"
                    : line.Length > LongestQuery ? line[..LongestQuery] + "..." : line;
            }
        }
    }
}
