namespace VividShift.Migrations.Sql;

/// <summary>A backslash command of psql: from the backslash to the end of its line.</summary>
/// <param name="Name">With the backslash: <c>\connect</c>, <c>\.</c>, <c>\;</c>.</param>
/// <param name="End">Where SQL goes on.</param>
/// <param name="Harmless">It may be skipped: pg_dump writes <c>\restrict</c> and <c>\unrestrict</c> around its output since 2025.</param>
readonly record struct MetaCommand(string Name, int End, bool Harmless)
{
    /// <summary>Reads the command at a backslash.</summary>
    public static MetaCommand At(ReadOnlySpan<char> text, int backslash)
    {
        var name = backslash + 1;
        if (name < text.Length && text[name] is ';' or ':')
        {
            return new(text[backslash..(name + 1)].ToString(), name + 1, Harmless: false);
        }

        var line = text[backslash..TokenScanner.LineCommentEnd(text, backslash)];
        var length = 1;
        while (length < line.Length && !TokenScanner.IsSpace(line[length]) && line[length] != '\\')
        {
            length++;
        }

        var argument = line[length..].Trim();
        var harmless = line[..length] is "\\restrict" or "\\unrestrict"
            && OwnLine(text, backslash)
            && !argument.IsEmpty
            && !argument.ContainsAnyExcept(TokenCharacters);
        return new(line[..length].ToString(), backslash + line.Length, harmless);
    }

    static readonly System.Buffers.SearchValues<char> TokenCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    static bool OwnLine(ReadOnlySpan<char> text, int backslash)
    {
        var lineStart = text[..backslash].LastIndexOfAny('\r', '\n') + 1;
        return text[lineStart..backslash].Trim().IsEmpty;
    }
}
