namespace VividShift.Migrations.Sql;

/// <summary>
/// The spellings of a Boolean setting (PostgreSQL manual, 20.1.1): on, off, true, false, yes, no, 1, 0, or their beginnings.
/// </summary>
static class Booleans
{
    static readonly string[] True = ["on", "true", "yes", "1"];
    static readonly string[] False = ["off", "false", "no", "0"];

    /// <summary>Reads a value, quoted or not; null when it is none.</summary>
    public static bool? Read(ReadOnlySpan<char> text)
    {
        var value = text.Trim("'\"");
        if (value.IsEmpty || value.Equals("o", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return Begins(True, value) ? true : Begins(False, value) ? false : null;
    }

    static bool Begins(string[] spellings, ReadOnlySpan<char> value)
    {
        foreach (var spelling in spellings)
        {
            if (spelling.AsSpan().StartsWith(value, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
