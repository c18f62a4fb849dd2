using Npgsql;
using VividShift.Migrations.Activity;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Activity;

/// <summary>A session of somebody else, with a statement that may hang.</summary>
sealed class Sleeper : IAsyncDisposable
{
    readonly NpgsqlConnection _connection;
    readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Workbench.Token);
    Task _running = Task.CompletedTask;

    Sleeper(NpgsqlConnection connection) => _connection = connection;

    public int ProcessId => _connection.ProcessID;

    public static async Task<Sleeper> OpenAsync(string connectionString, string name)
    {
        var connection = new NpgsqlConnection($"{connectionString};Application Name={name}");
        await connection.OpenAsync(Workbench.Token);
        return new(connection);
    }

    /// <summary>Runs statements to their end.</summary>
    public async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(_stop.Token);
    }

    /// <summary>Begins a statement and does not wait for it.</summary>
    public void Begin(string sql) => _running = RunAsync(sql);

    /// <summary>How the statement that was begun ended; null: well.</summary>
    public async Task<string?> EndAsync()
    {
        try
        {
            await _running;
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    public static ActivityRequest Everything { get; } = new() { All = true };

    /// <summary>Looks until what is seen answers a condition.</summary>
    public static async Task<IReadOnlyList<DatabaseActivity>> UntilAsync(
        Workbench fixture, ActivityRequest request, Func<IReadOnlyList<DatabaseActivity>, bool> condition)
    {
        var database = fixture.Open();
        while (true)
        {
            var seen = await database.Activity.GetAsync(request, new RecordingObserver(), Workbench.Token);
            if (condition(seen))
            {
                return seen;
            }

            await Task.Delay(20, Workbench.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // The test is over; how the last statement ended is of no interest any more.
        }

        await _connection.DisposeAsync();
        _stop.Dispose();
    }
}
