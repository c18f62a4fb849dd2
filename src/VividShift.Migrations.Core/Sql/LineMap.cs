namespace VividShift.Migrations.Sql;

/// <summary>Where the lines of a text begin. LF, CRLF and a lone CR end a line, as in editors.</summary>
sealed class LineMap
{
    readonly string _text;
    readonly List<int> _starts = [0];

    /// <summary>Finds the lines; one pass over the text.</summary>
    public LineMap(string text)
    {
        _text = text;
        var at = 0;
        while (true)
        {
            var length = text.AsSpan(at).IndexOfAny('\r', '\n');
            if (length < 0)
            {
                return;
            }

            at += length;
            at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            _starts.Add(at);
        }
    }

    /// <summary>Line and column, both from 1, the column in code points, of an offset in UTF-16 units.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        var place = Math.Clamp(offset, 0, _text.Length);
        var found = _starts.BinarySearch(place);
        var index = found < 0 ? ~found - 1 : found;
        return (index + 1, 1 + CodePoints.Count(_text.AsSpan(_starts[index]..place)));
    }

    /// <summary>A line (from 1) without its line break; empty when there is no such line.</summary>
    public string LineText(int line)
    {
        if (line < 1 || line > _starts.Count)
        {
            return string.Empty;
        }

        var end = line < _starts.Count ? _starts[line] : _text.Length;
        return _text.AsSpan(_starts[line - 1]..end).TrimEnd("\r\n").ToString();
    }
}
