namespace VividShift.Migrations.Engine.Connections;

/// <summary>Names and texts for statements that take no parameters.</summary>
static class SqlQuote
{
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Our sessions leave standard_conforming_strings on, so a backslash is a backslash.
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
