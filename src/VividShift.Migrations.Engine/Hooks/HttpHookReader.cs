using System.Globalization;
using System.Text.RegularExpressions;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>Reads one HTTP hook and fills in variables. What it shows of the request is what the file says, never what a variable
/// holds.</summary>
sealed partial class HttpHookReader(LayeredConfiguration settings, string source, Variables variables)
{
    /// <summary>The hook.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid; says nothing of what a variable holds.</exception>
    public HttpHook Read(HookEvent moment, bool continueOnError)
    {
        var written = settings.Find(HookSettings.Http)!.Value;
        var parts = written.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var method, var address] || !Method().IsMatch(method))
        {
            throw HookReader.Wrong(source, "The request is not a method and a URL.", "Write it as in: POST https://host/path");
        }

        if (!Uri.TryCreate(Filled(address), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw HookReader.Wrong(source, "The request has no usable URL.", "Write it as in: POST https://host/path");
        }

        var description = new HookDescription(moment, HookSettings.Shown(settings), source);
        return new HttpHook(description, continueOnError, new()
        {
            Method = new HttpMethod(method),
            Url = url,
            Headers = [.. settings.NamesIn(HookSettings.Headers).Select(name => (name.Value, Header(name.Value)))],
            Body = settings.Find(HookSettings.Body) is { } body ? Filled(body.Value) : null,
            Timeout = HookTimeout.Of(settings, HookTimeout.Default),
            ExpectStatus = [.. settings.FindAll(HookSettings.ExpectStatus).Select(status => int.Parse(status.Value, CultureInfo.InvariantCulture))],
            Retries = settings.Find(HookSettings.Retries) is { } retries ? int.Parse(retries.Value, CultureInfo.InvariantCulture) : 0,
        });
    }

    string Header(string name)
    {
        var value = Filled(settings.Find($"{HookSettings.Headers}:{name}")?.Value ?? string.Empty);
        return value.Any(char.IsControl)
            ? throw HookReader.Wrong(
                source, $"The header {name} holds a line break or another control character.", "Correct the variable or the file.")
            : value;
    }

    string Filled(string text) => Reference().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        return variables.Find(name)?.Value
            ?? throw HookReader.Wrong(source, $"The hook needs the variable {name}, which is not set.", $"Set {name} in the environment or in .env.");
    });

    [GeneratedRegex("^[A-Z]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();

    [GeneratedRegex(@"\$\{env:(?<name>[^}]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
