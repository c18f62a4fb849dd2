namespace VividShift.Migrations.Engine.Running;

/// <summary>
/// What undoes a file's traces in the session before history is written. RESET ALL returns to the settings the session was opened with.
/// </summary>
static class SessionState
{
    /// <summary>
    /// Before the bookkeeping, within the file's transaction. Deferred constraints are checked first, while the file's own settings
    /// (search_path) still hold for what their triggers call.
    /// </summary>
    public static IReadOnlyList<string> BeforeBookkeeping { get; } =
        ["SET CONSTRAINTS ALL IMMEDIATE", "RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"];
}
