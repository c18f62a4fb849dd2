namespace VividShift.Migrations;

/// <summary>
/// Every way in which the engine refuses or fails. The name is the stable error id that a user sees as the first half
/// of <c>FullyQualifiedErrorId</c>; it never changes once released.
/// </summary>
public enum MigrationErrorCode
{
    /// <summary>The server could not be reached: wrong host or port, not running, network or TLS trouble.</summary>
    ConnectionFailed,

    /// <summary>The server was reached and refused the user or the password.</summary>
    AuthenticationFailed,

    /// <summary>The server was reached; the database does not exist on it (SQLSTATE 3D000).</summary>
    DatabaseMissing,

    /// <summary>A setting, a configuration file or a connection string is malformed, unknown or missing.</summary>
    ConfigurationInvalid,

    /// <summary>A folder or file that was named does not exist or cannot be read.</summary>
    PathNotFound,

    /// <summary>A migration file has a name or content that cannot be used: bad version, BOM, not UTF-8, meta-commands.</summary>
    MigrationFileInvalid,

    /// <summary>Two files claim one version.</summary>
    DuplicateVersion,

    /// <summary>An applied file is no longer the file that was applied.</summary>
    ChecksumMismatch,

    /// <summary>History holds a version whose file is gone.</summary>
    MigrationMissing,

    /// <summary>A pending file is older than the newest applied version.</summary>
    OutOfOrder,

    /// <summary>The piped selection leaves out a migration that comes before one it holds.</summary>
    NotContiguous,

    /// <summary>The piped migrations were read from another database than the one that is connected to.</summary>
    DatabaseMismatch,

    /// <summary>The target version is in no file and not in history, or lies on the wrong side of what is applied.</summary>
    TargetInvalid,

    /// <summary>Another runner held the lock for longer than the timeout.</summary>
    LockTimeout,

    /// <summary>A statement of a migration failed.</summary>
    MigrationFailed,

    /// <summary>History holds a row with <c>success = false</c>: a run outside a transaction stopped half-way.</summary>
    DirtyMigration,

    /// <summary>A migration that is to be undone has no down script.</summary>
    Irreversible,

    /// <summary>Between asking and running, files or history changed.</summary>
    PlanChanged,

    /// <summary>The role may not do what is needed (SQLSTATE 42501).</summary>
    PermissionDenied,

    /// <summary>The server is a standby or otherwise read-only (SQLSTATE 25006).</summary>
    ReadOnlyServer,

    /// <summary>A connection pooler swaps the server session between statements.</summary>
    PoolerUnsupported,

    /// <summary>One transaction for the whole run is impossible: a file needs to run outside one.</summary>
    TransactionImpossible,

    /// <summary>One transaction for the whole run would need more locks than the server has room for.</summary>
    TooFewLocks,

    /// <summary>Something has the name of the history table and is none: a view, a foreign table, other columns than sqlx's.</summary>
    HistoryInvalid,

    /// <summary>There is no history where it is looked for, and another schema of the database holds one: search_path may have moved.</summary>
    HistoryElsewhere,

    /// <summary>A table that would be written to belongs to a role that nobody vouches for; its triggers would run with the writer's rights.</summary>
    OwnerUntrusted,

    /// <summary>The connection broke during a run.</summary>
    ConnectionLost,

    /// <summary>A name for a new migration cannot be used as a file name.</summary>
    NameInvalid,

    /// <summary>A file that would be created exists already.</summary>
    FileExists,

    /// <summary>A template is unknown, or asks for a property that was not given.</summary>
    TemplateInvalid,

    /// <summary>The private server could not be made, started or stopped.</summary>
    SandboxFailed,

    /// <summary>A program that is needed was not found.</summary>
    ToolMissing,

    /// <summary>A program of PostgreSQL is of a version that cannot serve: pg_dump older than the server, an archive newer than the target.</summary>
    VersionUnsupported,

    /// <summary>A backup could not be made.</summary>
    BackupFailed,

    /// <summary>A backup is damaged, incomplete, edited, or not what its manifest says.</summary>
    BackupInvalid,

    /// <summary>No backup answers the description.</summary>
    BackupMissing,

    /// <summary>A restore failed; the message says what the databases are called now.</summary>
    RestoreFailed,

    /// <summary>A disk has not enough room for what was asked.</summary>
    DiskTooSmall,

    /// <summary>Sessions are connected to a database that is to be replaced; they are listed.</summary>
    DatabaseInUse,

    /// <summary>The environment is protected, and its name was not typed or given.</summary>
    EnvironmentProtected,

    /// <summary>A hook of the configuration failed.</summary>
    HookFailed,

    /// <summary>A seed file cannot be used or its rows were refused.</summary>
    SeedFailed,

    /// <summary>A health check of the project is not a query that can be run.</summary>
    CheckInvalid,

    /// <summary>History cannot be changed as asked: nothing to repair, or no proof that the repair is right.</summary>
    RepairRefused,

    /// <summary>No server session has that process id, or it may not be ended.</summary>
    ActivityMissing,

    /// <summary>A statement or session that was told to end is still there.</summary>
    ActivityPersists,

    /// <summary>The server refused or aborted something that no other code describes.</summary>
    DatabaseError,
}
