using System.Data;
using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Sessions that keep locks, and dead rows, for too long.</summary>
sealed class SessionCheck : IHealthCheck
{
    const int LongestQuery = 120;

    const string ListSql = """
        SELECT a.pid, a.usename::text AS role, a.datname::text AS database, a.application_name AS application,
               a.client_addr::text AS client, a.state,
               extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction,
               extract(epoch FROM clock_timestamp() - a.query_start)::float8 AS statement,
               extract(epoch FROM clock_timestamp() - a.state_change)::float8 AS idle, a.query,
               a.state IS NULL AND a.query = '<insufficient privilege>' AS hidden
        FROM pg_stat_activity a
        WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
        ORDER BY a.pid
        """;

    static readonly string[] WhoColumns = ["role", "database", "application", "client"];

    public string Title => "sessions that hold on for too long";

    public HealthGroup Group => HealthGroup.Activity;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sessions = await context.QueryAsync(
            ListSql,
            r => new ClientSession
            {
                ProcessId = r.GetInt32("pid"),
                Who = string.Join(", ", WhoColumns.Select(r.GetStringOrNull).Where(text => !string.IsNullOrEmpty(text))),
                State = r.GetStringOrNull("state") ?? "",
                Transaction = Seconds(r.GetDoubleOrNull("transaction")),
                Statement = Seconds(r.GetDoubleOrNull("statement")),
                Idle = Seconds(r.GetDoubleOrNull("idle")),
                Query = r.GetStringOrNull("query") ?? "",
                Hidden = r.GetBooleanOrNull("hidden") == true,
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
