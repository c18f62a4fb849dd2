using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>A hook, ready to run: its file was found and its variables were filled in. A class and not a record: it may hold
/// secrets.</summary>
/// <param name="description">What it is called; without secrets.</param>
/// <param name="continueOnError">True when a failure is a warning.</param>
abstract class Hook(HookDescription description, bool continueOnError)
{
    public HookDescription Description => description;

    public bool ContinueOnError => continueOnError;

    /// <summary>Does it.</summary>
    /// <exception cref="HookFailedException">It failed; the message says how, without secrets.</exception>
    public abstract Task RunAsync(
        HookContext context, IMigrationObserver observer, IScriptHost scripts, CancellationToken cancellationToken);
}

/// <summary>How a hook failed. Stays inside the engine: <see cref="RunHooks"/> says which one it was and what that means.</summary>
sealed class HookFailedException(string message, Exception? cause = null) : Exception(message, cause);
