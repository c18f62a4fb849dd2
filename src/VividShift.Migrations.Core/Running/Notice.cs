namespace VividShift.Migrations.Running;

/// <summary>A message that the server sent while a migration ran, such as <c>RAISE NOTICE</c>.</summary>
/// <param name="Severity">NOTICE, WARNING, INFO, LOG or DEBUG, never translated.</param>
/// <param name="Message">The text.</param>
/// <param name="SqlState">The five-character SQLSTATE; <c>00000</c> for plain notices.</param>
/// <param name="Version">The migration that was running; null outside one.</param>
public sealed record Notice(string Severity, string Message, string SqlState, long? Version)
{
    /// <summary>DETAIL, if any.</summary>
    public string? Detail { get; init; }

    /// <summary>HINT, if any.</summary>
    public string? Hint { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
