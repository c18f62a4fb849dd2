using System.Runtime.InteropServices;

namespace VividShift.Migrations.Sql;

/// <summary>The lines of data that follow a <c>COPY ... FROM STDIN</c>, as psql reads them from its script.</summary>
/// <param name="Start">The first character of the data.</param>
/// <param name="End">After the last: the start of the line <c>\.</c>, or the end of the text.</param>
/// <param name="Resume">Where SQL goes on: after the line <c>\.</c>.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct InlineData(int Start, int End, int Resume)
{
    /// <summary>The data that begins at a line's start. Only LF ends a line here: that is how psql reads.</summary>
    public static InlineData From(ReadOnlySpan<char> text, int start)
    {
        var line = start;
        while (line < text.Length)
        {
            var rest = text[line..];
            var length = rest.IndexOf('\n');
            var next = length < 0 ? text.Length : line + length + 1;
            if (rest.StartsWith("\\.") && rest[2..(next - line)].Trim("\r\n").IsEmpty && next - line <= 4)
            {
                return new(start, line, next);
            }

            line = next;
        }

        return new(start, text.Length, text.Length);
    }
}
