using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;
using System.Text;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>Keeps what is written, and answers prompts from a list. A prompt without an answer left fails the test.</summary>
public sealed class TestUserInterface : PSHostUserInterface
{
    readonly StringBuilder _text = new();

    public Queue<Func<PromptAsked, string>> Answers { get; } = new();

    /// <summary>What is typed when a line is asked for.</summary>
    public Queue<string> Lines { get; } = new();

    /// <summary>Nobody is there, as with pwsh -NonInteractive: every question throws.</summary>
    public bool NonInteractive { get; set; }

    public List<PromptAsked> Prompts { get; } = [];

    public ConcurrentQueue<ProgressRecord> Progress { get; } = new();

    /// <summary>What a terminal of 100 columns would show, without colour.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public override TestRawUserInterface RawUI { get; } = new();

    public void Forget()
    {
        lock (_text)
        {
            _text.Clear();
        }

        Progress.Clear();
        Prompts.Clear();
    }

    public override void Write(string value)
    {
        lock (_text)
        {
            // PowerShell colours whatever $PSStyle.OutputRendering says: taking the colour out is the host's part.
            _text.Append(new StringDecorated(value).ToString(OutputRendering.PlainText));
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + "\n");

    public override void WriteErrorLine(string value) => WriteLine("ERROR: " + value);

    public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

    public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

    public override void WriteWarningLine(string message) => WriteLine("WARNING: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Enqueue(record);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        ThrowIfNobodyIsThere();
        var labels = choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal)).ToList();
        var asked = new PromptAsked(caption, message, labels);
        Prompts.Add(asked);
        var answer = Answers.TryDequeue(out var think) ? think(asked) : throw new InvalidOperationException($"No answer to: {message}");
        var index = labels.IndexOf(answer);
        return index >= 0 ? index : throw new InvalidOperationException($"{answer} is none of {string.Join(", ", labels)}.");
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new InvalidOperationException($"Asked for {string.Join(", ", descriptions.Select(field => field.Name))}.");

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new InvalidOperationException("Asked for a credential.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw new InvalidOperationException("Asked for a credential.");

    public override string ReadLine()
    {
        ThrowIfNobodyIsThere();
        return Lines.TryDequeue(out var line) ? line : throw new InvalidOperationException("Asked for a line.");
    }

    public override SecureString ReadLineAsSecureString() => throw new InvalidOperationException("Asked for a secret.");

    void ThrowIfNobodyIsThere()
    {
        if (NonInteractive)
        {
            throw new PSInvalidOperationException("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
        }
    }
}
