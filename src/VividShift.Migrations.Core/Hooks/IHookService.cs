namespace VividShift.Migrations.Hooks;

/// <summary>Hooks around runs. A run of migrations runs them itself.</summary>
public interface IHookService
{
    /// <summary>The hooks that are configured, in the order in which they run. Runs none of them.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: a hook that cannot work, such as one whose file or variable is missing.</exception>
    IReadOnlyList<HookDescription> Describe();
}
