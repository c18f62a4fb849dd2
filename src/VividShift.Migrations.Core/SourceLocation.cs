namespace VividShift.Migrations;

/// <summary>A place in a file, as an editor counts: lines and columns from 1, columns in characters (code points).</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">The column in Unicode code points, from 1; 0 when the whole line is meant.</param>
/// <param name="LineText">The text of that line without its line break; null when it is not known.</param>
public sealed record SourceLocation(string Path, int Line = 0, int Column = 0, string? LineText = null)
{
    /// <summary><c>file:line:column</c>, the form that terminals and editors make clickable, as far as it is known.</summary>
    public override string ToString() => (Line, Column) switch
    {
        (0, _) => Path,
        (_, 0) => FormattableString.Invariant($"{Path}:{Line}"),
        _ => FormattableString.Invariant($"{Path}:{Line}:{Column}"),
    };
}
