using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace VividShift.Migrations.Host;

/// <summary>PowerShell's view of this program.</summary>
sealed class ConsoleHost : PSHost
{
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "VividShift.Migrations.Host";

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override ConsoleUserInterface UI { get; } = new();

    /// <summary>The code of <c>exit n</c>; null while the script has not called it.</summary>
    public int? ExitCode { get; private set; }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new PSNotSupportedException("This host cannot suspend a command. Answer Yes or No.");

    public override void ExitNestedPrompt() => throw new PSNotSupportedException("This host has no nested prompt to leave.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
