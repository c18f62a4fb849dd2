using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>
/// Every statement of a run, in order. The runner sends this list and -AsSql prints it, so that the two cannot differ. Each statement is made when
/// it is asked for: a file can have a million.
/// </summary>
public sealed class StatementList
{
    readonly string _table;
    readonly bool _oneTransaction;
    readonly string _sessionName;
    readonly PlannedStatement[] _reset;
    readonly string _elapsed;

    /// <summary>The list for a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sessionName">What the session that runs it calls itself.</param>
    /// <param name="sessionSettings">What brings back the session's own settings where RESET ALL does not.</param>
    /// <param name="elapsed">How long a step has taken so far, in nanoseconds, as SQL.</param>
    public StatementList(MigrationPlan plan, string sessionName, IReadOnlyList<string> sessionSettings, string elapsed)
    {
        _table = plan.Context.History.Table;
        _oneTransaction = plan.Request.Transaction == TransactionMode.All;
        _sessionName = sessionName;
        _reset = [.. Reset(sessionSettings)];
        _elapsed = elapsed;
    }

    /// <summary>What undoes a file's deferring. It comes before the reset, while the file's search_path holds for what the triggers call.</summary>
    public static PlannedStatement CheckConstraints { get; } = new(StatementRole.Reset, "SET CONSTRAINTS ALL IMMEDIATE");

    /// <summary>What opens a run in one transaction; nothing when each migration has its own.</summary>
    public IEnumerable<PlannedStatement> Begin => _oneTransaction ? [new(StatementRole.Begin, "BEGIN")] : [];

    /// <summary>What ends a run in one transaction.</summary>
    public IEnumerable<PlannedStatement> Commit => _oneTransaction ? [Ended] : [];

    static PlannedStatement Ended { get; } = new(StatementRole.Commit, "COMMIT") { Boundary = StatementBoundary.RoundTrip };

    /// <summary>What a step comes to.</summary>
    public IEnumerable<PlannedStatement> Of(PlanStep step) => step.Transactional ? InTransaction(step) : OneByOne(step);

    /// <summary>A file that keeps no history.</summary>
    /// <param name="script">Its statements.</param>
    /// <param name="transactional">True when they are one transaction; otherwise each is sent alone.</param>
    public static IEnumerable<PlannedStatement> Of(SqlScript script, bool transactional) =>
        transactional ? [Opening(script), .. Body(script), Ended] : Body(script, StatementBoundary.RoundTrip);

    /// <summary>A file's own statements.</summary>
    /// <param name="script">The file.</param>
    /// <param name="boundary">What stands behind each.</param>
    public static IEnumerable<PlannedStatement> Body(SqlScript script, StatementBoundary boundary = StatementBoundary.None) =>
        script.Body.Select(statement => new PlannedStatement(script, statement) { Boundary = boundary });

    /// <summary>
    /// What undoes a script's traces in a session: DISCARD ALL without its pg_advisory_unlock_all, since the lock of the run lives in the session. Every
    /// statement of it may run in a transaction block. RESET ALL returns to what the session was opened with.
    /// </summary>
    /// <param name="sessionSettings">What brings back the session's own settings where RESET ALL does not.</param>
    public static IEnumerable<PlannedStatement> Reset(IEnumerable<string> sessionSettings)
    {
        IEnumerable<string> statements =
        [
            "SET SESSION AUTHORIZATION DEFAULT",
            "RESET ROLE",
            "RESET ALL",
            .. sessionSettings,
            "CLOSE ALL",
            "UNLISTEN *",
            "DEALLOCATE ALL",
            "DISCARD PLANS",
            "DISCARD TEMP",
            "DISCARD SEQUENCES",
        ];
        return statements.Select(sql => new PlannedStatement(StatementRole.Reset, sql));
    }

    static PlannedStatement Opening(SqlScript script) => new(StatementRole.Begin, script.OpensWith ?? "BEGIN");

    /// <summary>
    /// Script and history row as one transaction: both are there afterwards, or neither is. The duration, which is known after that, rides in front
    /// of what comes next: one round trip for each migration.
    /// </summary>
    IEnumerable<PlannedStatement> InTransaction(PlanStep step)
    {
        if (!_oneTransaction)
        {
            yield return Opening(step.Script);
        }

        yield return NameSession(step, local: true);
        foreach (var statement in Body(step.Script).Append(CheckConstraints).Concat(_reset))
        {
            yield return statement;
        }

        var row = step switch
        {
            { Direction: MigrationDirection.Down } => HistorySql.Delete(_table, step.Version),
            // Failed earlier as a file outside a transaction; the file was fixed since and is a transaction now.
            { RetriesFailed: true } => HistorySql.Again(_table, step, success: true),
            _ => HistorySql.Insert(_table, step, success: true),
        };
        yield return Bookkeeping(row, _oneTransaction ? StatementBoundary.RoundTrip : StatementBoundary.None);
        if (!_oneTransaction)
        {
            yield return Ended;
        }

        if (step.Direction == MigrationDirection.Up)
        {
            var boundary = _oneTransaction ? StatementBoundary.None : StatementBoundary.ErrorBarrier;
            yield return Bookkeeping(HistorySql.SetDuration(_table, step.Version, _elapsed), boundary, isTimed: true);
        }
    }

    /// <summary>
    /// Statement by statement, each committing by itself. The row comes first, as <c>success = false</c>: should the run stop half-way, both this
    /// tool and sqlx-cli, which takes no lock, refuse to go on.
    /// </summary>
    IEnumerable<PlannedStatement> OneByOne(PlanStep step)
    {
        yield return NameSession(step, local: false);
        yield return Bookkeeping(
            step.Direction == MigrationDirection.Down || step.RetriesFailed
                ? HistorySql.Again(_table, step, success: false)
                : HistorySql.Insert(_table, step, success: false),
            StatementBoundary.RoundTrip);
        foreach (var statement in Body(step.Script, StatementBoundary.RoundTrip).Concat(_reset))
        {
            yield return statement;
        }

        yield return step.Direction == MigrationDirection.Down
            ? Bookkeeping(HistorySql.Delete(_table, step.Version), StatementBoundary.RoundTrip)
            : Bookkeeping(HistorySql.Finish(_table, step.Version, _elapsed), StatementBoundary.RoundTrip, isTimed: true);
    }

    static PlannedStatement Bookkeeping(string sql, StatementBoundary boundary, bool isTimed = false) =>
        new(StatementRole.Bookkeeping, sql) { Boundary = boundary, IsTimed = isTimed };

    PlannedStatement NameSession(PlanStep step, bool local) => new(StatementRole.Begin, ApplicationName.Set(_sessionName, step.Version, local));
}
