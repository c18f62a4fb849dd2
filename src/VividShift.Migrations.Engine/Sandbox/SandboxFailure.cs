namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>How every failure of a sandbox reads: what happened, what state things are in, what to do.</summary>
internal static class SandboxFailure
{
    public const string BeginAfresh = "Stop-VsSandbox -Remove deletes it, and Start-VsSandbox then begins afresh.";

    const int TailLines = 10;

    /// <summary>A SandboxFailed.</summary>
    public static MigrationException Of(string what, string state, string advice, Exception? cause = null)
        => Of(MigrationErrorCode.SandboxFailed, what, state, advice, cause);

    /// <summary>A failure of another kind.</summary>
    public static MigrationException Of(MigrationErrorCode code, string what, string state, string advice, Exception? cause = null)
        => new(code, $"{what} {state} {advice}", cause) { DatabaseState = state, RecommendedAction = advice };

    /// <summary>The last lines of what a program or a log said, to be put behind a sentence.</summary>
    public static string Tail(string said)
        => said.Trim().Length == 0 ? "It said nothing." : "It said:\n" + string.Join('\n', said.Trim().Split('\n').TakeLast(TailLines)) + "\n";
}
