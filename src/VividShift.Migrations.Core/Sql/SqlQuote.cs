namespace VividShift.Migrations.Sql;

/// <summary>Names and texts in SQL text, for statements that take no parameters.</summary>
public static class SqlQuote
{
    /// <summary>A name to the letter: <c>"Order Items"</c>.</summary>
    public static string Identifier(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>
    /// A text: <c>'it''s'</c>. One with a backslash is written as <c>E'...'</c>, in which it means the same whatever standard_conforming_strings
    /// says.
    /// </summary>
    public static string Literal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var quoted = $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return text.Contains('\\', StringComparison.Ordinal) ? $"E{quoted.Replace(@"\", @"\\", StringComparison.Ordinal)}" : quoted;
    }
}
