using System.Net.Sockets;
using Npgsql;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>Signing in to a sandbox, and its one database.</summary>
internal static class SandboxDatabase
{
    /// <summary>Name of the database and of the role that owns it, which is a superuser: it is the user's own server.</summary>
    public const string Name = "vividshift";

    /// <summary>The address that the server listens on, and no other.</summary>
    public const string Host = "127.0.0.1";

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>An Npgsql connection string.</summary>
    public static string ConnectionString(int port, SandboxState state, string database = Name) => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = port,
        Username = Name,
        Password = state.Password,
        Database = database,
    }.ConnectionString;

    /// <summary>
    /// True when the project's server answers there. Signing in is the proof: no other server knows the password, and SCRAM makes
    /// the server prove that it does.
    /// </summary>
    /// <exception cref="PostgresException">28P01: a server is there and does not accept the password.</exception>
    public static async Task<bool> AnswersAsync(int port, SandboxState state, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(port, state, cancellationToken);
            return true;
        }
        catch (PostgresException starting) when (starting.SqlState is PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
        catch (NpgsqlException gone) when (gone is not PostgresException && gone.InnerException is SocketException or TimeoutException or IOException)
        {
            return false;
        }
    }

    /// <summary>Waits until the server, which is coming up, answers; false when it does not within a minute.</summary>
    public static async Task<bool> AwaitAnswerAsync(int port, SandboxState state, CancellationToken cancellationToken)
    {
        var waiting = new Backoff(Pause);
        while (!await AnswersAsync(port, state, cancellationToken))
        {
            if (waiting.Elapsed > Timeout)
            {
                return false;
            }

            await waiting.WaitAsync(cancellationToken);
        }
        return true;
    }

    /// <summary>Makes the database unless it is there.</summary>
    public static async Task EnsureAsync(int port, SandboxState state, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(port, state, cancellationToken);
        await using var look = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        look.Parameters.Add(new NpgsqlParameter { Value = Name });
        if (await look.ExecuteScalarAsync(cancellationToken) is not null)
        {
            return;
        }

        await using var create = new NpgsqlCommand($"CREATE DATABASE {Name}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task<NpgsqlConnection> OpenAsync(int port, SandboxState state, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(port, state, "postgres")) { Pooling = false, Timeout = 5 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
