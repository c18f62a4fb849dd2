namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>What the failures of sandboxes have in common.</summary>
internal static class SandboxFailure
{
    public const string BeginAfresh = "Stop-VsSandbox -Remove deletes it, and Start-VsSandbox then begins afresh.";

    const int TailLines = 10;

    /// <summary>The last lines of what a program or a log said, to be put behind a sentence.</summary>
    public static string Tail(string said)
        => said.Trim().Length == 0 ? "It said nothing." : "It said:\n" + string.Join('\n', said.Trim().Split('\n').TakeLast(TailLines));
}
