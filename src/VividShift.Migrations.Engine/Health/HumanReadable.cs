using System.Globalization;

namespace VividShift.Migrations.Engine.Health;

/// <summary>Figures as a person reads them.</summary>
static class HumanReadable
{
    static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary><c>12 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        double amount = bytes;
        var unit = 0;
        while (Math.Abs(amount) >= 1024 && unit < Units.Length - 1)
        {
            amount /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || amount >= 10 ? Math.Round(amount) : Math.Round(amount, 1))} {Units[unit]}");
    }

    /// <summary><c>1 row</c>, <c>12 rows</c>.</summary>
    public static string Rows(long rows) => rows == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{rows} rows");

    /// <summary><c>42 s</c>, <c>7 min</c>, <c>3 h</c>, <c>12 days</c>.</summary>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalDays} days"),
    };
}
