namespace VividShift.Migrations.Databases;

/// <summary>
/// What the user said about which database to use. The engine fills in the rest from the environment and from configuration files,
/// in the documented order. A class and not a record, so that nothing prints the password by accident.
/// </summary>
public sealed class DatabaseRequest
{
    /// <summary>
    /// The session's current location: where <c>vividshift.json</c>, <c>.env</c>, <c>sqlx.toml</c> and <c>migrations</c> are looked for.
    /// </summary>
    public required string WorkingFolder { get; init; }

    /// <summary>A <c>postgresql://</c> URL, libpq's keyword/value form or an Npgsql connection string; wins over everything else.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Host name; with <see cref="Port"/> and <see cref="Database"/> the second in precedence.</summary>
    public string? Server { get; init; }

    /// <summary>TCP port; 5432 when not said.</summary>
    public int? Port { get; init; }

    /// <summary>Database name. Also replaces the name in a connection that comes from anywhere else.</summary>
    public string? Database { get; init; }

    /// <summary>User name of <c>-Credential</c>; replaces the one of any other source.</summary>
    public string? UserName { get; init; }

    /// <summary>Password of <c>-Credential</c>; replaces the one of any other source.</summary>
    public string? Password { get; init; }

    /// <summary>Environment name such as <c>staging</c>; null means VIVIDSHIFT_ENVIRONMENT, ENVIRONMENT, then <c>dev</c>.</summary>
    public string? Environment { get; init; }

    /// <summary>The base configuration file, absolute; null means <c>vividshift.json</c> in the working folder, which may be missing.</summary>
    public string? ConfigurationPath { get; init; }

    /// <summary>Use the private server of this folder, starting it where needed.</summary>
    public bool Sandbox { get; init; }

    /// <summary>How long one statement may run; null: as configured, else without limit.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>How long to wait for another runner; null: as configured, else 60 seconds.</summary>
    public TimeSpan? LockTimeout { get; init; }

    /// <summary>The same request in another environment.</summary>
    public DatabaseRequest In(string? environment) => new()
    {
        WorkingFolder = WorkingFolder,
        ConnectionString = ConnectionString,
        Server = Server,
        Port = Port,
        Database = Database,
        UserName = UserName,
        Password = Password,
        Environment = environment,
        ConfigurationPath = ConfigurationPath,
        Sandbox = Sandbox,
        CommandTimeout = CommandTimeout,
        LockTimeout = LockTimeout,
    };
}
