using System.Collections.Concurrent;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Testing;

/// <summary>Keeps everything that the engine tells, in order.</summary>
public sealed class RecordingObserver : IMigrationObserver, IScriptHost
{
    readonly ConcurrentQueue<MigrationEvent> _events = new();
    readonly ConcurrentQueue<MigrationResult> _results = new();
    readonly ConcurrentQueue<SeedResult> _seeds = new();

    /// <summary>The events so far.</summary>
    public IReadOnlyList<MigrationEvent> Events => [.. _events];

    /// <summary>The results so far.</summary>
    public IReadOnlyList<MigrationResult> Results => [.. _results];

    /// <summary>The results of seed files so far.</summary>
    public IReadOnlyList<SeedResult> Seeds => [.. _seeds];

    /// <summary>Called for each event, on the engine's thread: a place to cancel or to interfere.</summary>
    public Action<MigrationEvent>? OnEvent { get; init; }

    /// <summary>Awaited for each result: a consumer that is slow, or that ends the pipeline.</summary>
    public Func<MigrationResult, CancellationToken, Task>? OnResult { get; init; }

    /// <summary>The events of one kind.</summary>
    public IReadOnlyList<T> Told<T>()
        where T : MigrationEvent
        => [.. _events.OfType<T>()];

    /// <summary>All events and results as text, for looking for what must not be there.</summary>
    public string Transcript =>
        string.Join('\n', _events.Select(static told => told.ToString()).Concat(_results.Select(static result => result.ToString())));

    /// <inheritdoc/>
    public bool ReadsSql => true;

    /// <inheritdoc/>
    public void Report(MigrationEvent migrationEvent)
    {
        _events.Enqueue(migrationEvent);
        OnEvent?.Invoke(migrationEvent);
    }

    /// <summary>Takes the results of a run as a cmdlet does.</summary>
    public async Task TakeAsync(IAsyncEnumerable<MigrationResult> results, CancellationToken cancellationToken)
    {
        await foreach (var result in results.WithCancellation(cancellationToken))
        {
            _results.Enqueue(result);
            await (OnResult?.Invoke(result, cancellationToken) ?? Task.CompletedTask);
        }
    }

    /// <summary>The same for seeds.</summary>
    public async Task TakeAsync(IAsyncEnumerable<SeedResult> results, CancellationToken cancellationToken)
    {
        await foreach (var result in results.WithCancellation(cancellationToken))
        {
            _seeds.Enqueue(result);
        }
    }

    /// <summary>Runs a plan, or its first steps, and takes the results.</summary>
    public Task RunAsync(IDatabase database, RunRequest run, CancellationToken cancellationToken) =>
        TakeAsync(database.Migrations.RunAsync(run, this, this, cancellationToken), cancellationToken);

    /// <summary>What scripts are run with; without it each one fails, since no one here could run it.</summary>
    public Func<string, HookContext, CancellationToken, Task>? OnScript { get; init; }

    /// <inheritdoc/>
    public Task RunScriptAsync(string path, HookContext context, CancellationToken cancellationToken) =>
        OnScript?.Invoke(path, context, cancellationToken)
            ?? throw new MigrationException(MigrationErrorCode.HookFailed, $"No one runs {path} here.");
}
