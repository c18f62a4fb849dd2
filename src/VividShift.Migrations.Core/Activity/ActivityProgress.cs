namespace VividShift.Migrations.Activity;

/// <summary>How far a command is, from the server's pg_stat_progress views.</summary>
/// <param name="Command">The command: <c>CREATE INDEX CONCURRENTLY</c>, <c>VACUUM</c>, <c>COPY FROM</c>.</param>
/// <param name="Phase">The phase it is in, in the server's words; null for commands without phases.</param>
/// <param name="Percent">From 0 to 100, of this phase and not of the whole; null when the server does not know how much there is.</param>
/// <param name="Done">What is done of the phase: blocks, rows, bytes or sessions waited for, as the phase counts.</param>
/// <param name="Total">How much there is; null when the server does not know.</param>
/// <param name="Relation">The table it works on, when it is in the database that was looked at.</param>
public sealed record ActivityProgress(string Command, string? Phase, double? Percent, long? Done, long? Total, string? Relation)
{
    /// <summary><c>CREATE INDEX: building index: scanning table 42 %</c>.</summary>
    public override string ToString() =>
        Command + (Phase is null ? string.Empty : ": " + Phase)
            + (Percent is { } percent ? FormattableString.Invariant($" {percent:0} %") : string.Empty);
}
