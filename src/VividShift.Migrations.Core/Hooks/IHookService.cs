using VividShift.Migrations.Running;

namespace VividShift.Migrations.Hooks;

/// <summary>Hooks around runs.</summary>
public interface IHookService
{
    /// <summary>The hooks that are configured, in the order in which they run. Runs none of them.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: a hook that cannot work, such as one whose file or variable is missing.</exception>
    IReadOnlyList<HookDescription> Describe();

    /// <summary>
    /// Runs the hooks of a run around its work: beforeRun, the work, afterRun; onFailure when either fails or is cancelled. The hooks of
    /// each migration run within the work.
    /// </summary>
    /// <param name="request">The run; with <see cref="RunRequest.Hooks"/> false there is only the work.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="work">What is done, with an observer that passes on what it is told.</param>
    /// <param name="cancellationToken">Cancels; hooks for failure still run, for a limited time.</param>
    /// <exception cref="MigrationException">HookFailed, when a hook before the work fails; else what the work throws.</exception>
    Task AroundAsync(
        RunRequest request, IMigrationObserver observer, Func<IMigrationObserver, CancellationToken, Task> work, CancellationToken cancellationToken);
}
