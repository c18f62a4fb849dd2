using System.Management.Automation;

namespace VividShift.Migrations.PowerShell;

/// <summary>How a refusal or failure of the engine becomes PowerShell's error record.</summary>
static class ErrorRecords
{
    /// <summary>The record: the code's name as id, the object that failed as target, the advice as recommended action.</summary>
    public static ErrorRecord From(MigrationException exception) =>
        new(exception, exception.Code.ToString(), Category(exception.Code), exception.Target)
        {
            ErrorDetails = new ErrorDetails(BuildAgentText.Escape(exception.Message))
            {
                RecommendedAction = exception.RecommendedAction is null ? string.Empty : BuildAgentText.Escape(exception.RecommendedAction),
            },
        };

    static ErrorCategory Category(MigrationErrorCode code) => code switch
    {
        MigrationErrorCode.ConnectionFailed or MigrationErrorCode.ConnectionLost => ErrorCategory.ConnectionError,
        MigrationErrorCode.AuthenticationFailed => ErrorCategory.AuthenticationError,
        MigrationErrorCode.OwnerUntrusted => ErrorCategory.SecurityError,
        MigrationErrorCode.PermissionDenied => ErrorCategory.PermissionDenied,
        MigrationErrorCode.DatabaseMissing or MigrationErrorCode.PathNotFound or MigrationErrorCode.MigrationMissing => ErrorCategory.ObjectNotFound,
        MigrationErrorCode.MigrationFileInvalid => ErrorCategory.ParserError,
        MigrationErrorCode.DuplicateVersion or MigrationErrorCode.FileExists => ErrorCategory.ResourceExists,
        MigrationErrorCode.ChecksumMismatch or MigrationErrorCode.HistoryInvalid => ErrorCategory.InvalidData,
        MigrationErrorCode.ConfigurationInvalid or MigrationErrorCode.NotContiguous or MigrationErrorCode.DatabaseMismatch
            or MigrationErrorCode.TargetInvalid or MigrationErrorCode.NameInvalid or MigrationErrorCode.TemplateInvalid =>
                ErrorCategory.InvalidArgument,
        MigrationErrorCode.OutOfOrder or MigrationErrorCode.DirtyMigration or MigrationErrorCode.PlanChanged or MigrationErrorCode.HistoryElsewhere
            or MigrationErrorCode.TransactionImpossible => ErrorCategory.InvalidOperation,
        MigrationErrorCode.LockTimeout => ErrorCategory.ResourceBusy,
        MigrationErrorCode.MigrationFailed or MigrationErrorCode.DatabaseError => ErrorCategory.InvalidResult,
        MigrationErrorCode.Irreversible => ErrorCategory.NotImplemented,
        MigrationErrorCode.ReadOnlyServer or MigrationErrorCode.SandboxFailed => ErrorCategory.ResourceUnavailable,
        MigrationErrorCode.PoolerUnsupported => ErrorCategory.ProtocolError,
        MigrationErrorCode.TooFewLocks => ErrorCategory.LimitsExceeded,
        MigrationErrorCode.VersionUnsupported or MigrationErrorCode.EnvironmentProtected or MigrationErrorCode.RepairRefused =>
            ErrorCategory.InvalidOperation,
        MigrationErrorCode.BackupFailed or MigrationErrorCode.RestoreFailed or MigrationErrorCode.HookFailed or MigrationErrorCode.SeedFailed =>
            ErrorCategory.InvalidResult,
        MigrationErrorCode.BackupInvalid => ErrorCategory.InvalidData,
        MigrationErrorCode.BackupMissing or MigrationErrorCode.ActivityMissing => ErrorCategory.ObjectNotFound,
        MigrationErrorCode.ActivityPersists => ErrorCategory.OperationTimeout,
        MigrationErrorCode.DiskTooSmall => ErrorCategory.LimitsExceeded,
        MigrationErrorCode.DatabaseInUse => ErrorCategory.ResourceBusy,
        MigrationErrorCode.CheckInvalid => ErrorCategory.ParserError,
        MigrationErrorCode.ToolMissing => ErrorCategory.NotInstalled,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "The code has no category."),
    };
}
