namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Counts the records and lines of CSV as it goes by; a line break within quotes ends no record.</summary>
/// <param name="endsWithLineFeed">True when the records of the file end with LF alone.</param>
struct CsvScanner(bool endsWithLineFeed)
{
    bool _quoted;
    bool _afterReturn;
    bool _within;
    int _line = 1;

    /// <summary>Records that have ended.</summary>
    internal long Records { get; private set; }

    /// <summary>Records that have ended or begun.</summary>
    internal readonly long All => Records + (_within ? 1 : 0);

    /// <summary>The line on which the last record that has ended began.</summary>
    internal int EndedFrom { get; private set; }

    /// <summary>The line on which the record at hand began.</summary>
    internal int Begun { get; private set; } = 1;

    /// <summary>
    /// What the server calls the line of the record that ended last. Within quotes it counts only one of the two characters of line breaks,
    /// depending on how the records end. The first line is the one that stands for the header.
    /// </summary>
    internal int ServerLine { get; private set; } = 1;

    /// <summary>Goes over a piece of the text.</summary>
    internal void Read(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            Read(c);
        }
    }

    /// <summary>Goes over a character; true when it ends a record.</summary>
    internal bool Read(char c)
    {
        var secondHalf = _afterReturn && c == '\n';
        _afterReturn = c == '\r';
        if (_quoted && c == (endsWithLineFeed ? '\n' : '\r'))
        {
            ServerLine++;
        }

        if (c is '\n' or '\r')
        {
            _line += secondHalf ? 0 : 1;
            if (_quoted)
            {
                return false;
            }

            if (secondHalf)
            {
                Begun = _line;
                return false;
            }

            EndedFrom = Begun;
            Begun = _line;
            Records++;
            ServerLine++;
            _within = false;
            return true;
        }

        _quoted ^= c == '"';
        _within = true;
        return false;
    }
}
