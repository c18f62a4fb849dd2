using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations;

/// <summary>Who is told what happens. Called from any thread; implementations hand over to the thread that may write.</summary>
public interface IMigrationObserver
{
    /// <summary>
    /// True when somebody reads <see cref="StatementSent"/>. A file can hold a million statements: telling each costs as much as running
    /// it.
    /// </summary>
    bool ReadsSql { get; }

    /// <summary>Tells an event and does not wait.</summary>
    void Report(MigrationEvent migrationEvent);

    /// <summary>
    /// Hands a result over and waits until it was taken, so that a consumer who ends the pipeline stops the run between two
    /// migrations and not within one.
    /// </summary>
    Task PublishAsync(MigrationResult result, CancellationToken cancellationToken);

    /// <summary>Runs a PowerShell script in the user's session and waits for its end; what it emits is shown and is no result.</summary>
    /// <param name="path">The script's file.</param>
    /// <param name="context">Its parameter.</param>
    /// <param name="cancellationToken">Stops the script. Its end is waited for, unless the user's pipeline is ending.</param>
    /// <exception cref="MigrationException">HookFailed, with what the script threw as its message.</exception>
    /// <exception cref="OperationCanceledException">The script was stopped.</exception>
    Task RunScriptAsync(string path, HookContext context, CancellationToken cancellationToken);

    /// <summary>The same for what came of a seed file.</summary>
    Task PublishAsync(SeedResult result, CancellationToken cancellationToken);
}
