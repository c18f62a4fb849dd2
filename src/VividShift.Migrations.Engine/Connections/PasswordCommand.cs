using System.ComponentModel;
using System.Diagnostics;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// The command of a configuration that prints a password: the access token of a cloud, the secret of a vault. What it prints to standard
/// output is never told to anyone; what it prints to standard error is, when it fails.
/// </summary>
internal sealed class PasswordCommand
{
    const int LongestComplaint = 1000;

    /// <summary>How long it may take; people may have to sign in meanwhile.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly IReadOnlyList<string> _words;
    readonly string _folder;
    readonly bool _isShellText;

    PasswordCommand(IReadOnlyList<string> words, bool isShellText, string folder, string source) =>
        (_words, _isShellText, _folder, Source) = (words, isShellText, folder, source);

    /// <summary>Where it is configured.</summary>
    internal string Source { get; }

    /// <summary>The program as written, without its arguments and without what a shell is to put into its environment: SECRET=… program.</summary>
    internal string Program => _isShellText
        ? Array.Find(_words[0].Split(' '), word => word is not "" && !word.Contains('=', StringComparison.Ordinal)) ?? "a shell"
        : _words[0];

    /// <summary>The command; null when none is configured.</summary>
    internal static PasswordCommand? Find(LoadedConfiguration configuration)
    {
        const string Name = KnownSettings.PasswordCommand;
        var settings = configuration.Settings;
        if (configuration.Request.Database.Sandbox || settings.FindAll(Name) is not [var first, ..] words)
        {
            return null;
        }

        var folder = settings.FolderOf(Name)!;
        var isList = settings.IsList(Name);
        var program = isList ? Located(first.Value, folder) : first.Value;
        return new PasswordCommand([program, .. words.Skip(1).Select(word => word.Value)], !isList, folder, first.Source);
    }

    /// <summary>
    /// The command, when it is to be asked: not for a server or a user that parameters name (a token is for the ones that are
    /// configured), and not when a password is there already.
    /// </summary>
    internal static PasswordCommand? Find(LoadedConfiguration configuration, ConnectionChoice choice) =>
        choice.IsFromParameters || choice.Says(ConnectionParameters.Password) || configuration.Request.Database.UserName is not null ? null : Find(configuration);

    /// <summary>Runs it; the answer is the first line of its output.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: it cannot be run, failed, took too long or printed nothing.</exception>
    internal Task<ConfigurationValue> AskAsync(IMigrationObserver observer, CancellationToken cancellationToken) =>
        AskAsync(observer, Patience, cancellationToken);

    /// <summary>The same within a time.</summary>
    internal async Task<ConfigurationValue> AskAsync(IMigrationObserver observer, TimeSpan patience, CancellationToken cancellationToken)
    {
        observer.Report(new VerboseMessage($"Asking {Program} for the password (passwordCommand in {Source})."));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        try
        {
            var ended = await ExternalProgram.RunAsync(Describe(), timeout.Token);
            if (!ended.Succeeded)
            {
                throw Failed(FormattableString.Invariant($"ended with exit code {ended.ExitCode}{Complaint(ended.Errors)}"));
            }

            var password = ended.Output.Split('\n', 2)[0].TrimEnd('\r');
            return password is ""
                ? throw Failed($"printed no password{Complaint(ended.Errors)}")
                : new ConfigurationValue(password, $"passwordCommand in {Source}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(FormattableString.Invariant($"did not end within {patience.TotalSeconds:0.#} s and was stopped"));
        }
        // The exception's own message repeats the command line.
        catch (Win32Exception)
        {
            throw Failed("cannot be started: there is no such program, or it may not be run");
        }
    }

    ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = _folder,
        };
        if (!_isShellText)
        {
            start.FileName = _words[0];
            foreach (var word in _words.Skip(1))
            {
                start.ArgumentList.Add(word);
            }
        }
        else if (OperatingSystem.IsWindows())
        {
            // Not ArgumentList: cmd has its own idea of quotes.
            (start.FileName, start.Arguments) = ("cmd.exe", $"/d /s /c \"{_words[0]}\"");
        }
        else
        {
            start.FileName = "/bin/sh";
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(_words[0]);
        }

        return start;
    }

    /// <summary>A program that is named by its path is looked for from the file that names it, any other on PATH.</summary>
    static string Located(string program, string folder) =>
        program.AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar) < 0 ? program : Path.GetFullPath(program, folder);

    static string Complaint(string errors) => errors.Trim() switch
    {
        "" => "",
        { Length: > LongestComplaint } said => $": {said[..LongestComplaint]}…",
        var said => $": {said}",
    };

    MigrationException Failed(string what) => ConfigurationError.Create(
        $"The passwordCommand in {Source} ({Program}) {what.TrimEnd('.')}.", "Run it by hand, or give the password with -Credential.");
}
