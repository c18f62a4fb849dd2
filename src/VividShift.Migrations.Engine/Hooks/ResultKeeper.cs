using System.Collections.Concurrent;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>Passes on what it is told and remembers the results, which hooks after the run are told of.</summary>
sealed class ResultKeeper(IMigrationObserver observer) : IMigrationObserver
{
    readonly ConcurrentQueue<MigrationResult> _results = new();

    public IReadOnlyList<MigrationResult> Results => [.. _results];

    public bool ReadsSql => observer.ReadsSql;

    public void Report(MigrationEvent migrationEvent) => observer.Report(migrationEvent);

    public Task PublishAsync(MigrationResult result, CancellationToken cancellationToken)
    {
        // First: it is durable, whether or not anyone still takes it.
        _results.Enqueue(result);
        return observer.PublishAsync(result, cancellationToken);
    }

    public Task RunScriptAsync(string path, HookContext context, CancellationToken cancellationToken) =>
        observer.RunScriptAsync(path, context, cancellationToken);

    public Task PublishAsync(SeedResult result, CancellationToken cancellationToken) => observer.PublishAsync(result, cancellationToken);
}
