using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>
/// One value of -Table: <c>shop.orders</c>, or <c>orders</c> in any schema. <c>*</c> and <c>?</c> stand for other letters, and between
/// double quotes every letter for itself: <c>"Odd.Name"."Orders*"</c>.
/// </summary>
static partial class TablePattern
{
    /// <summary>True when a table is meant. The case counts.</summary>
    public static bool Matches(string pattern, string schema, string table)
    {
        if (!pattern.Contains('"', StringComparison.Ordinal))
        {
            return Like(pattern, table) || Like(pattern, $"{schema}.{table}");
        }

        return Parts().Match(pattern) is { Success: true } parts
            && (!parts.Groups["schema"].Success || Means(parts.Groups["schema"].Value, schema))
            && Means(parts.Groups["table"].Value, table);
    }

    static bool Means(string part, string name) => part[0] == '"'
        ? part[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) == name
        : Like(part, name);

    static bool Like(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    [GeneratedRegex(
        """^((?<schema>"([^"]|"")+"|[^".]+)\.)?(?<table>"([^"]|"")+"|[^".]+)$""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parts();
}
