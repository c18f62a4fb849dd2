namespace VividShift.Migrations.Engine.Backup.Manifest;

/// <summary>How every failure around backups reads: what happened, what state things are in, what to do.</summary>
static class BackupFailure
{
    public const string NothingLeft = "Nothing of the unfinished backup is left, and the database was only read.";

    public static MigrationException Of(
        MigrationErrorCode code, string what, string state, string advice, object? target = null, Exception? cause = null) =>
        new(code, $"{what} {state} {advice}", cause) { DatabaseState = state, RecommendedAction = advice, Target = target };

    /// <summary>A BackupFailed, from before anything could be seen.</summary>
    public static MigrationException Failed(string what, string advice, object? target = null, Exception? cause = null) =>
        Of(MigrationErrorCode.BackupFailed, what, NothingLeft, advice, target, cause);
}
