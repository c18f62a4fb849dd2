using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// The second thought before destructive work in a protected environment: its name, typed. A yes is pressed by habit, a name is not.
/// </summary>
static class ProtectedEnvironment
{
    /// <summary>Ends the cmdlet unless the name was given or is typed now.</summary>
    /// <exception cref="MigrationException">EnvironmentProtected.</exception>
    public static void ThrowUnlessNamed(PSHost host, string environment, string? given, string action)
    {
        var name = given ?? Ask(host, environment, action);
        if (!string.Equals(name, environment, StringComparison.Ordinal))
        {
            var said = name is null
                ? "nobody can be asked here"
                : $"'{BuildAgentText.Escape(name)}' was {(given is null ? "typed" : "given")} instead";
            throw new MigrationException(
                MigrationErrorCode.EnvironmentProtected,
                $"{action}: the environment '{environment}' is protected, and its name has to be typed; {said}.",
                $"Type {environment} when asked, or give -ConfirmEnvironment {environment}.")
            {
                Target = environment,
            };
        }
    }

    /// <summary>
    /// True when ShouldProcess has asked already, or has been told not to: -Confirm:$false and $ConfirmPreference = 'None' silence high impact, too.
    /// </summary>
    public static bool HasQuestionOfItsOwn(ConfirmImpact preference, Type cmdlet) =>
        preference == ConfirmImpact.None || preference <= cmdlet.GetCustomAttribute<CmdletAttribute>()!.ConfirmImpact;

    /// <summary>Asks; the answers are those of ShouldProcess.</summary>
    /// <exception cref="MigrationException">EnvironmentProtected: nobody can be asked.</exception>
    public static bool Agrees(Cmdlet cmdlet, string environment, string target, string action, ref bool yesToAll, ref bool noToAll)
    {
        var caption = $"The environment '{environment}' is protected. Go on?";
        try
        {
            return cmdlet.ShouldContinue($"Performing the operation \"{action}\" on target \"{target}\".", caption, ref yesToAll, ref noToAll);
        }
        catch (Exception e) when (IsNobodyThere(e))
        {
            throw new MigrationException(
                MigrationErrorCode.EnvironmentProtected,
                $"{action} on {target}: the environment '{environment}' is protected, and nobody can be asked here.",
                "Say -Confirm:$false where nobody can answer.",
                e)
            {
                Target = environment,
            };
        }
    }

    /// <summary>What the user typed; null where nobody can be asked.</summary>
    static string? Ask(PSHost host, string environment, string action)
    {
        try
        {
            host.UI.WriteLine($"{action}.");
            host.UI.Write($"The environment '{environment}' is protected. Type its name to go on: ");
            return host.UI.ReadLine()?.Trim() ?? "";
        }
        catch (Exception e) when (IsNobodyThere(e))
        {
            return null;
        }
    }

    // What hosts throw that have no one in front of them: pwsh -NonInteractive and runspaces without a host the first two, and the last those that
    // programs write for themselves, as Microsoft's samples of a host do.
    static bool IsNobodyThere(Exception e) => e is PSInvalidOperationException or HostException or NotImplementedException;
}
