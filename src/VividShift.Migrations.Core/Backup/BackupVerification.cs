namespace VividShift.Migrations.Backup;

/// <summary>A backup was restored for trial, and this came of it.</summary>
/// <param name="At">When, by the clock of the machine that did it.</param>
/// <param name="By">Who: <c>anna@laptop</c>.</param>
/// <param name="Server">Where it was restored: <c>db:5432, PostgreSQL 15.4</c>.</param>
/// <param name="Passed">True when counts, hashes and schema were those of the manifest.</param>
/// <param name="Duration">How long restoring and comparing took.</param>
/// <param name="Result">What was compared, or what differed.</param>
public sealed record BackupVerification(
    DateTimeOffset At, string By, string Server, bool Passed, TimeSpan Duration, string Result)
{
    /// <summary>The major of that server; 0 when the record was written before it was kept.</summary>
    public int ServerMajor { get; init; }
}
