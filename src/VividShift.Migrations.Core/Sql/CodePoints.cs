namespace VividShift.Migrations.Sql;

/// <summary>PostgreSQL and editors count characters, .NET counts UTF-16 units: a surrogate pair is one of the former.</summary>
static class CodePoints
{
    /// <summary>How many code points a text has. Half a pair counts as one.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var at = 1; at < text.Length; at++)
        {
            if (char.IsSurrogatePair(text[at - 1], text[at]))
            {
                count--;
            }
        }

        return count;
    }

    /// <summary>The index in UTF-16 units of the code point after so many others; the length when there are fewer.</summary>
    public static int IndexAfter(ReadOnlySpan<char> text, int codePoints)
    {
        var at = 0;
        for (var left = codePoints; left > 0 && at < text.Length; left--)
        {
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        }

        return at;
    }
}
