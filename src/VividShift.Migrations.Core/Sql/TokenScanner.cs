using System.Buffers;

namespace VividShift.Migrations.Sql;

/// <summary>
/// Where PostgreSQL's quotes, comments and names end (the scanner in src/backend/parser/scan.l, which psql follows). Every function
/// gets the index of the first character and gives the index after the last, or -1 when the text ends before.
/// </summary>
static class TokenScanner
{
    static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n");

    /// <summary>A letter, an underscore, or anything beyond ASCII: PostgreSQL does not ask whether that is a letter.</summary>
    public static bool StartsName(char c) => char.IsAsciiLetter(c) || c == '_' || c >= '\u0080';

    /// <summary>What may follow in a name, but for the dollar sign, which a dollar-quote tag may not hold.</summary>
    public static bool ContinuesTag(char c) => StartsName(c) || char.IsAsciiDigit(c);

    /// <summary>White space. The vertical tab counts since PostgreSQL 16.</summary>
    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    /// <summary>The end of an identifier or key word.</summary>
    public static int NameEnd(ReadOnlySpan<char> text, int start)
    {
        var at = start;
        while (at < text.Length && (ContinuesTag(text[at]) || text[at] == '$'))
        {
            at++;
        }

        return at;
    }

    /// <summary>The end of a <c>--</c> comment: the line break is not part of it.</summary>
    public static int LineCommentEnd(ReadOnlySpan<char> text, int start)
    {
        var length = text[start..].IndexOfAny(LineBreaks);
        return length < 0 ? text.Length : start + length;
    }

    /// <summary>The end of a block comment; they nest.</summary>
    public static int BlockCommentEnd(ReadOnlySpan<char> text, int start)
    {
        var depth = 1;
        var at = start + 2;
        while (true)
        {
            var next = text[at..].IndexOfAny('*', '/');
            if (next < 0 || at + next + 1 >= text.Length)
            {
                return -1;
            }

            at += next;
            switch (text[at], text[at + 1])
            {
                case ('*', '/'):
                    at += 2;
                    if (--depth == 0)
                    {
                        return at;
                    }

                    break;
                case ('/', '*'):
                    at += 2;
                    depth++;
                    break;
                default:
                    at++;
                    break;
            }
        }
    }

    /// <summary>The end of a literal whose opening quote is at <paramref name="quote"/>, with its continuation on further lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="quote">The opening quote.</param>
    /// <param name="escapes">A backslash escapes: <c>E''</c>, or any with <c>standard_conforming_strings = off</c>.</param>
    /// <param name="doubles">Two quotes are one: not so in <c>B''</c> and <c>X''</c>.</param>
    public static int StringEnd(ReadOnlySpan<char> text, int quote, bool escapes, bool doubles)
    {
        var at = quote + 1;
        while (true)
        {
            var next = escapes ? text[at..].IndexOfAny('\'', '\\') : text[at..].IndexOf('\'');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == '\\' || (doubles && at + 1 < text.Length && text[at + 1] == '\''))
            {
                at = Math.Min(at + 2, text.Length);
                continue;
            }

            var continued = ContinuationQuote(text, at + 1);
            if (continued < 0)
            {
                return at + 1;
            }

            at = continued + 1;
        }
    }

    /// <summary>The end of an identifier whose opening double quote is at <paramref name="quote"/>.</summary>
    public static int QuotedIdentifierEnd(ReadOnlySpan<char> text, int quote)
    {
        var at = quote + 1;
        while (true)
        {
            var next = text[at..].IndexOf('"');
            if (next < 0)
            {
                return -1;
            }

            at += next + 1;
            if (at >= text.Length || text[at] != '"')
            {
                return at;
            }

            at++;
        }
    }

    /// <summary>The end of the tag <c>$tag$</c> that starts at a dollar sign; -1 when none does.</summary>
    public static int DollarTagEnd(ReadOnlySpan<char> text, int start)
    {
        var at = start + 1;
        if (at < text.Length && StartsName(text[at]))
        {
            while (at < text.Length && ContinuesTag(text[at]))
            {
                at++;
            }
        }

        return at < text.Length && text[at] == '$' ? at + 1 : -1;
    }

    /// <summary>The end of a dollar-quoted literal: right after the first repetition of its tag.</summary>
    public static int DollarStringEnd(ReadOnlySpan<char> text, int start, int tagEnd)
    {
        var tag = text[start..tagEnd];
        var length = text[tagEnd..].IndexOf(tag);
        return length < 0 ? -1 : tagEnd + length + tag.Length;
    }

    /// <summary>
    /// The quote that continues a literal closed just before <paramref name="start"/>: only white space with a line break and line
    /// comments may lie between (PostgreSQL manual, 4.1.2.1).
    /// </summary>
    static int ContinuationQuote(ReadOnlySpan<char> text, int start)
    {
        var lineBreak = false;
        var at = start;
        while (at < text.Length)
        {
            var c = text[at];
            if (c == '\'')
            {
                return lineBreak ? at : -1;
            }

            if (IsSpace(c))
            {
                lineBreak |= c is '\n' or '\r';
                at++;
            }
            else if (c == '-' && at + 1 < text.Length && text[at + 1] == '-')
            {
                at = LineCommentEnd(text, at);
            }
            else
            {
                return -1;
            }
        }

        return -1;
    }
}
