using Npgsql;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Which database, how to reach it, and which source said so. A class and not a record: the settings hold the password, and nothing
/// should print them by accident.
/// </summary>
internal sealed class ResolvedDatabase
{
    /// <summary>How to reach the server.</summary>
    public required ServerAccess Access { get; init; }

    /// <summary>A copy of the settings of every session, password included; see <see cref="SessionSettings"/>.</summary>
    public NpgsqlConnectionStringBuilder Settings => Access.SettingsOf(Target.Database);

    /// <summary>The same without secrets.</summary>
    public required DatabaseTarget Target { get; init; }

    /// <summary>The source of the connection: a parameter, a variable with its file and line, a configuration file with its line.</summary>
    public required string Source { get; init; }

    /// <summary>The source of the host.</summary>
    public required string ServerSource { get; init; }

    /// <summary>The source of the database's name; null when it is none that the user named.</summary>
    public string? DatabaseSource { get; init; }

    /// <summary>The source of user name and password, for the message when the server refuses them.</summary>
    public required string CredentialSource { get; init; }

    /// <summary>The role that every session works as (pg_dump's and pg_restore's <c>--role</c>); null: the one that signs in.</summary>
    public string? Role { get; init; }

    /// <summary>How long one statement may run; null: no limit.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>How long to wait for another runner.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a refused connection is tried again; zero: not at all.</summary>
    public TimeSpan ConnectRetry { get; init; } = TimeSpan.Zero;

    /// <summary>What applies to the migration files.</summary>
    public required ProjectSettings Project { get; init; }

    /// <summary>What sessions are opened from.</summary>
    public NpgsqlDataSource DataSource(SessionPurpose purpose) => Access.DataSource(Target.Database, purpose);

    /// <summary>The same server, role and settings, another database.</summary>
    public ResolvedDatabase On(string database) => new()
    {
        Access = Access,
        Target = Target with { Database = database },
        Source = Source,
        ServerSource = ServerSource,
        CredentialSource = CredentialSource,
        Role = Role,
        CommandTimeout = CommandTimeout,
        LockTimeout = LockTimeout,
        ConnectRetry = ConnectRetry,
        Project = Project,
    };
}
