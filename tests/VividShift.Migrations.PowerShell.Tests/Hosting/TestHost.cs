using System.Globalization;
using System.Management.Automation.Host;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>A host without a console: what a user would see is kept, what a user would answer is scripted.</summary>
public sealed class TestHost : PSHost
{
    readonly TestUserInterface _ui = new();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "VividShift.Migrations.Tests";

    public override Version Version { get; } = new(1, 0);

    public override TestUserInterface UI => _ui;

    public override void EnterNestedPrompt() => throw new NotSupportedException("A test answered Suspend.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("A test answered Suspend.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => throw new NotSupportedException("A test's script called exit.");
}
