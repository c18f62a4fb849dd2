using System.Globalization;

namespace VividShift.Migrations.Catalog;

/// <summary>
/// The grammar of versions. A version is a signed 64-bit number, as in sqlx; leading zeros vanish, so <c>0001</c> and <c>1</c> are one
/// version (sqlx-core/src/migrate/source.rs).
/// </summary>
public static class MigrationVersion
{
    /// <summary>Reads an optional single sign and ASCII digits, nothing else; false when it is none or does not fit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long version)
    {
        version = 0;
        var digits = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        // long.TryParse alone would take a trailing NUL and other cultures' signs.
        return digits.Length > 0
            && digits.IndexOfAnyExceptInRange('0', '9') < 0
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out version);
    }

    /// <summary>
    /// Reads the guide's written form: a date and a time of day joined by an underscore become one 14-digit version.
    /// </summary>
    public static bool TryJoinTimestamp(ReadOnlySpan<char> date, ReadOnlySpan<char> time, out long version)
    {
        version = 0;
        if (date.Length != 8 || time.Length != 6)
        {
            return false;
        }

        var joined = string.Concat(date, time);
        return DateTime.TryParseExact(joined, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && TryParse(joined, out version);
    }
}
