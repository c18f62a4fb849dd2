using System.Text;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>One <c>keyword=value</c> of a connection. A class and not a record: it may hold the password.</summary>
internal sealed class ConnectionPair(string keyword, string value, bool isQuoted)
{
    internal string Keyword { get; } = keyword;

    internal string Value { get; } = value;

    /// <summary>True when it was written in quotes, so that whatever it holds belongs to it.</summary>
    internal bool IsQuoted { get; } = isQuoted;
}

/// <summary>
/// Takes lists of <c>keyword=value</c> apart: libpq's, which are parted by blanks (fe-connect.c, conninfo_parse), and those of .NET,
/// which are parted by semicolons (DbConnectionStringBuilder, whose own errors repeat what they complain of).
/// </summary>
static class ConnectionPairs
{
    // C's isspace.
    const string Blanks = " \t\n\r\v\f";

    /// <summary>A value in the form in which libpq's lists hold any text.</summary>
    internal static string Quote(string value) =>
        $"'{value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";

    /// <summary>The pairs as libpq reads them; null when they are not in its form.</summary>
    internal static IReadOnlyList<ConnectionPair>? OfLibpq(string text)
    {
        var pairs = new List<ConnectionPair>();
        for (var at = SkipBlanks(text, 0); at < text.Length; at = SkipBlanks(text, at))
        {
            var end = at;
            while (end < text.Length && text[end] != '=' && !IsBlank(text[end]))
            {
                end++;
            }

            var keyword = text[at..end];
            at = SkipBlanks(text, end);
            if (at == text.Length || text[at] != '=')
            {
                return null;
            }

            at = SkipBlanks(text, at + 1);
            var isQuoted = at < text.Length && text[at] == '\'';
            var value = new StringBuilder();
            for (at += isQuoted ? 1 : 0; at < text.Length && (isQuoted ? text[at] != '\'' : !IsBlank(text[at])); at++)
            {
                if (text[at] == '\\' && ++at == text.Length)
                {
                    break;
                }

                value.Append(text[at]);
            }

            if (isQuoted && at++ >= text.Length)
            {
                return null;
            }

            pairs.Add(new ConnectionPair(keyword, value.ToString(), isQuoted));
        }

        return pairs;
    }

    /// <summary>The pairs as .NET reads them; null when they are not in its form.</summary>
    internal static IReadOnlyList<ConnectionPair>? OfNpgsql(string text)
    {
        var pairs = new List<ConnectionPair>();
        for (var at = SkipEmpty(text, 0); at < text.Length; at = SkipEmpty(text, at))
        {
            if (ReadKeyword(text, ref at) is not { } keyword || ReadValue(text, ref at, out var isQuoted) is not { } value)
            {
                return null;
            }

            pairs.Add(new ConnectionPair(keyword, value, isQuoted));
        }

        return pairs;
    }

    // An equals sign of the keyword's own is doubled.
    static string? ReadKeyword(string text, ref int at)
    {
        var keyword = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] == '=' && (at + 1 == text.Length || text[++at] != '='))
            {
                return keyword.Length == 0 ? null : keyword.ToString().TrimEnd();
            }

            keyword.Append(text[at]);
        }

        return null;
    }

    /// <summary>Reads the value and the semicolon behind it; a quote within quotes is doubled.</summary>
    static string? ReadValue(string text, ref int at, out bool isQuoted)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        isQuoted = at < text.Length && text[at] is '\'' or '"';
        if (!isQuoted)
        {
            var end = text.IndexOf(';', at) is >= 0 and var semicolon ? semicolon : text.Length;
            var bare = text[at..end].TrimEnd();
            at = end;
            return bare is [.., '\'' or '"'] || bare.Any(char.IsControl) ? null : bare;
        }

        var quote = text[at++];
        var value = new StringBuilder();
        while (at < text.Length && (text[at] != quote || (at + 1 < text.Length && text[at + 1] == quote)))
        {
            value.Append(text[at]);
            at += text[at] == quote ? 2 : 1;
        }

        var isClosed = at++ < text.Length;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return isClosed && (at >= text.Length || text[at] == ';') ? value.ToString() : null;
    }

    static int SkipEmpty(string text, int at)
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ';'))
        {
            at++;
        }

        return at;
    }

    static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && IsBlank(text[at]))
        {
            at++;
        }

        return at;
    }

    static bool IsBlank(char c) => Blanks.Contains(c, StringComparison.Ordinal);
}
