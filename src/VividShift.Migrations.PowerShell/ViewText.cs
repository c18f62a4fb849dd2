using System.Globalization;

namespace VividShift.Migrations.PowerShell;

/// <summary>What the table and list views print where an expression in the view would be too long.</summary>
public static class ViewText
{
    /// <summary><c>12 ms</c>, <c>1.4 s</c>, <c>2 min 3 s</c>, <c>1 h 5 min</c>; empty for null.</summary>
    public static string Duration(TimeSpan? duration) => duration switch
    {
        null => string.Empty,
        { TotalMilliseconds: < 999.5 } d => string.Create(CultureInfo.InvariantCulture, $"{d.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 59.95 } d => string.Create(CultureInfo.InvariantCulture, $"{d.TotalSeconds:0.0} s"),
        { TotalSeconds: < 3599.5 } d => Pair((long)Math.Round(d.TotalSeconds), 60, "min", "s"),
        { } d => Pair((long)Math.Round(d.TotalMinutes), 60, "h", "min"),
    };

    static string Pair(long small, int size, string bigUnit, string smallUnit) =>
        string.Create(CultureInfo.InvariantCulture, $"{small / size} {bigUnit} {small % size} {smallUnit}");
}
