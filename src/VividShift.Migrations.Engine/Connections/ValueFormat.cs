using System.Globalization;
using System.Net;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// How the value of a connection parameter is written: in the words of libpq, which URLs, variables and settings share, and in those of
/// Npgsql. Either is understood wherever a value is read.
/// </summary>
/// <param name="ToNpgsql">Npgsql's text for a value; null when it cannot be used.</param>
/// <param name="ToLibpq">libpq's text for what Npgsql's builder holds.</param>
/// <param name="Expectation">What a value must be: a clause for messages.</param>
sealed record ValueFormat(Func<string, string?> ToNpgsql, Func<string, string> ToLibpq, string Expectation)
{
    // Npgsql takes no more.
    const int LongestTimeout = 1024;

    /// <summary>libpq's words, where there are only a few.</summary>
    internal IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>True when an empty value leaves the parameter open.</summary>
    internal bool MayBeEmpty { get; init; } = true;

    /// <summary>Any text whatever.</summary>
    internal static ValueFormat Secret { get; } = new(text => text, Same, "");

    /// <summary>A text that may be shown, so that it must not be a piece of a connection with a password in it.</summary>
    internal static ValueFormat Text { get; } = new(
        text => ConnectionParameters.HoldsPair(text) || HoldsUrl(text) ? null : text,
        Same,
        "it holds what looks like another part of the connection");

    /// <summary>The name of a database or a role: the same, and no <c>user:password@host</c> either.</summary>
    internal static ValueFormat Name { get; } =
        Text with { ToNpgsql = text => HoldsLogin(text) ? null : Text.ToNpgsql(text), Expectation = "it must be a name, and not a whole connection" };

    /// <summary>A file of root certificates. libpq's word <c>system</c> would be the name of a file to Npgsql.</summary>
    internal static ValueFormat RootFile { get; } = Text with
    {
        ToNpgsql = text => text is "system" ? null : Text.ToNpgsql(text),
        Expectation = "it must be a file; without one, verify-full asks the system's certificates",
    };

    /// <summary>A host.</summary>
    internal static ValueFormat Host { get; } = new(text => HostName.IsUsable(text) ? text : null, Same, HostName.Expectation);

    /// <summary>A numeric address.</summary>
    internal static ValueFormat Address { get; } =
        new(text => IPAddress.TryParse(text, out _) ? text : null, Same, "it must be one numeric address");

    /// <summary>A TCP port.</summary>
    internal static ValueFormat Port { get; } = new(
        text => NumberParser.Port(text.Trim()) is { } port ? Written(port) : null, Same, "it must be a whole number from 1 to 65535");

    /// <summary>Seconds; as in libpq nothing below 1 sets a limit.</summary>
    internal static ValueFormat Timeout { get; } = Whole(seconds => Math.Clamp(seconds, 0, LongestTimeout));

    /// <summary>A whole number, 0 or more.</summary>
    internal static ValueFormat Count { get; } = Whole(number => Math.Max(0, number));

    /// <summary>0 or 1, or Npgsql's True and False.</summary>
    internal static ValueFormat Switch { get; } = new(
        text => bool.TryParse(text, out var isOn) ? isOn.ToString() : Integer(text) is { } number ? (number != 0).ToString() : null,
        text => bool.Parse(text) ? "1" : "0",
        "it must be 0 or 1")
    {
        MayBeEmpty = false,
    };

    /// <summary>Ways of signing in: libpq's list, each with an exclamation mark where it is excluded.</summary>
    internal static ValueFormat Methods { get; } = ListOf(
        Words(("password", "Password"), ("md5", "MD5"), ("gss", "GSS"), ("sspi", "SSPI"), ("scram-sha-256", "ScramSHA256"), ("none", "None")));

    /// <summary>One of a few words, in any case.</summary>
    internal static ValueFormat Words(params (string Libpq, string Npgsql)[] words) => new(
        text => words.FirstOrDefault(word => Is(text, word.Libpq) || Is(text, word.Npgsql)).Npgsql,
        text => words.First(word => Is(text, word.Npgsql)).Libpq,
        $"it must be {Listed([.. words.Select(word => word.Libpq)])}")
    {
        Choices = [.. words.Select(word => word.Libpq)],
        MayBeEmpty = false,
    };

    /// <summary>Values that ask for what is done anyway, or for nothing that matters here. Others would ask for what cannot be had.</summary>
    internal static ValueFormat Harmless(params string[] values) =>
        Words([.. values.Select(value => (value, value))]) with { Expectation = $"only {Listed(values)} can be had here" };

    /// <summary>Whatever it says, it has no effect here.</summary>
    internal static ValueFormat Ignored { get; } = new(text => text, Same, "");

    /// <summary>What cannot be had, and must not be passed over.</summary>
    internal static ValueFormat Unsupported(string reason) => new(_ => null, Same, $"it must be left out: {reason}");

    static ValueFormat ListOf(ValueFormat item) => new(
        text => Each(text, item.ToNpgsql), text => Each(text, item.ToLibpq)!, $"it must be a list of {Listed(item.Choices)}");

    static string? Each(string list, Func<string, string?> translate)
    {
        var items = list.Split(',', StringSplitOptions.TrimEntries)
            .Select(item => item.StartsWith('!') ? (Sign: "!", Word: translate(item[1..])) : (Sign: "", Word: translate(item)))
            .ToList();
        return items.Exists(item => item.Word is null) ? null : string.Join(',', items.Select(item => item.Sign + item.Word));
    }

    static ValueFormat Whole(Func<int, int> limit) =>
        new(text => Integer(text) is { } number ? Written(limit(number)) : null, Same, "it must be a whole number")
        {
            MayBeEmpty = false,
        };

    static int? Integer(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);

    static bool HoldsUrl(string text) => text.Contains("://", StringComparison.Ordinal);

    // user:password@host, and the password of JSON or YAML.
    static bool HoldsLogin(string text) => text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
        && (text.IndexOf('@', colon) > 0 || text.Contains("password", StringComparison.OrdinalIgnoreCase));

    static string Listed(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    static string Same(string text) => text;
}
