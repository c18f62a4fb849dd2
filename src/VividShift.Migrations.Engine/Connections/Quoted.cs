namespace VividShift.Migrations.Engine.Connections;

/// <summary>Names and texts for statements that take no parameters.</summary>
static class Quoted
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Our sessions leave standard_conforming_strings on, so a backslash is a backslash.
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
