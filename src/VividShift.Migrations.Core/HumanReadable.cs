using System.Globalization;

namespace VividShift.Migrations;

/// <summary>Figures as a person reads them, the same in every culture.</summary>
public static class HumanReadable
{
    static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A size: <c>812 B</c>, <c>1.4 kB</c>, <c>97.3 MB</c>, <c>2.0 GB</c>, by powers of 1024 as PostgreSQL and PowerShell count.</summary>
    public static string Bytes(long bytes)
    {
        var (amount, unit) = ((double)bytes, 0);
        while (Math.Abs(amount) >= 1023.95 && unit < Units.Length - 1)
        {
            (amount, unit) = (amount / 1024, unit + 1);
        }

        return amount.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>A time: <c>12 ms</c>, <c>1.4 s</c>, <c>2 min 3 s</c>, <c>1 h 5 min</c>, <c>12 days</c>; empty for null.</summary>
    public static string Duration(TimeSpan? duration) => duration switch
    {
        null => string.Empty,
        { TotalMilliseconds: < 999.5 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 59.95 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 3599.5 } time => Pair((long)Math.Round(time.TotalSeconds), "min", "s"),
        { TotalDays: < 2 } time => Pair((long)Math.Round(time.TotalMinutes), "h", "min"),
        { } time => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalDays} days"),
    };

    /// <summary>A number of rows: <c>1 row</c>, <c>12 rows</c>.</summary>
    public static string Rows(long rows) => rows == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{rows} rows");

    static string Pair(long small, string bigUnit, string smallUnit) =>
        string.Create(CultureInfo.InvariantCulture, $"{small / 60} {bigUnit} {small % 60} {smallUnit}");
}
