namespace VividShift.Migrations;

/// <summary>A place in a file, as an editor counts: lines and columns from 1, columns in characters (code points).</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in Unicode code points, from 1.</param>
/// <param name="LineText">The text of that line without its line break; null when it is not known.</param>
public sealed record SourceLocation(string Path, int Line, int Column, string? LineText = null)
{
    /// <summary><c>file:line:column</c>, the form that terminals and editors make clickable.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path}:{Line}:{Column}");
}
