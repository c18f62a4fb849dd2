using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// Lets a parameter of type TimeSpan be written as people say it: <c>30d</c>, <c>12h</c>, <c>5m</c>, <c>90s</c>, <c>1h30m</c>; also as
/// <c>hh:mm:ss</c>, as ISO 8601 (<c>PT5M</c>) and as a TimeSpan.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed partial class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    const string Forms = "Write it as 30d, 12h, 5m, 90s, 1h30m or hh:mm:ss.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is TimeSpan duration)
        {
            return duration >= TimeSpan.Zero ? duration : throw Refused(duration.ToString("c", CultureInfo.InvariantCulture));
        }

        // To PowerShell 30d is a decimal and 90s a short; the conversion to text gives back what was typed. A bare number stays one and is
        // refused: PowerShell would take it for ticks, TimeSpan.Parse for days, and nobody means either.
        var text = LanguagePrimitives.ConvertTo<string>(inputData);
        return TryParse(text, out var read) ? read : throw Refused(text);
    }

    /// <summary>Reads one of the forms; false for anything else, for a bare number and for what is negative or too long.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        try
        {
            duration = trimmed switch
            {
                _ when Units().Match(trimmed) is { Success: true } units => Sum(units),
                ['P' or 'p', ..] => XmlConvert.ToTimeSpan(trimmed.ToUpperInvariant()),
                _ when trimmed.Contains(':', StringComparison.Ordinal) => TimeSpan.Parse(trimmed, CultureInfo.InvariantCulture),
                _ => throw new FormatException(),
            };
            return duration >= TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            duration = default;
            return false;
        }
    }

    static TimeSpan Sum(Match units)
    {
        var sum = TimeSpan.Zero;
        foreach (var (amount, unit) in units.Groups["amount"].Captures.Zip(units.Groups["unit"].Captures))
        {
            var count = double.Parse(amount.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            sum += unit.Value.ToUpperInvariant() switch
            {
                "W" => TimeSpan.FromDays(7 * count),
                "D" => TimeSpan.FromDays(count),
                "H" => TimeSpan.FromHours(count),
                "M" or "MIN" => TimeSpan.FromMinutes(count),
                "S" => TimeSpan.FromSeconds(count),
                _ => TimeSpan.FromMilliseconds(count),
            };
        }

        return sum;
    }

    static ArgumentTransformationMetadataException Refused(string given) => new($"'{given}' is not a duration. {Forms}");

    [GeneratedRegex(
        @"^(?:(?<amount>[0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(?<unit>ms|min|[wdhms])\s*)+$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Units();
}
