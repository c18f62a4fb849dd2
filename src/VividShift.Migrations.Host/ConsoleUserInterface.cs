using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace VividShift.Migrations.Host;

/// <summary>
/// Output on standard output; errors, warnings, details and progress on standard error, so that
/// <c>Get-VsMigrationPlan -AsSql > release.sql</c> holds SQL and nothing else.
/// </summary>
sealed class ConsoleUserInterface : PSHostUserInterface
{
    readonly ProgressLine _progress = new();

    public override ConsoleRawUserInterface RawUI { get; } = new();

    public override bool SupportsVirtualTerminal => Terminal.Colours;

    /// <summary>True once an error was shown.</summary>
    public bool ShowedError { get; private set; }

    /// <summary>True while what ended a script is shown: PowerShell writes that as output.</summary>
    public bool ShowsErrors { get; set; }

    public override void Write(string value)
    {
        _progress.Clear();
        if (ShowsErrors)
        {
            ShowedError = true;
            Console.Error.Write(Rendered(value, Terminal.ColoursErrors));
            return;
        }

        Console.Out.Write(Rendered(value, Terminal.Colours));
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value)
    {
        ShowedError = true;
        WriteDiagnostic(value);
    }

    public override void WriteWarningLine(string message) => WriteDiagnostic("WARNING: " + message);

    public override void WriteVerboseLine(string message) => WriteDiagnostic("VERBOSE: " + message);

    public override void WriteDebugLine(string message) => WriteDiagnostic("DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    public override string ReadLine()
    {
        _progress.Clear();
        return ConsoleQuestions.ReadLine();
    }

    public override SecureString ReadLineAsSecureString()
    {
        _progress.Clear();
        return ConsoleQuestions.ReadSecret();
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        _progress.Clear();
        return ConsoleQuestions.AskForFields(caption, message, descriptions);
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        _progress.Clear();
        return ConsoleQuestions.AskForChoice(caption, message, choices, defaultChoice);
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
    {
        _progress.Clear();
        return ConsoleQuestions.AskForCredential(caption, message, userName);
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => PromptForCredential(caption, message, userName, targetName);

    // PowerShell colours whatever $PSStyle.OutputRendering and SupportsVirtualTerminal say: taking the colour out is the host's part.
    static string Rendered(string text, bool colours) => colours ? text : new StringDecorated(text).ToString(OutputRendering.PlainText);

    void WriteDiagnostic(string text)
    {
        _progress.Clear();
        Console.Error.WriteLine(Rendered(text, Terminal.ColoursErrors));
    }
}
