using System.Globalization;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.Planning;

/// <summary>
/// What a session calls itself while it runs a migration: its own name and the version, so that whoever looks at pg_stat_activity, with
/// this module or without, sees which one it is.
/// </summary>
public static partial class ApplicationName
{
    /// <summary>What sessions of this module call themselves unless the user's connection says otherwise.</summary>
    public const string Default = "VividShift.Migrations";

    // NAMEDATALEN - 1: the server cuts off what is longer, and with it the version.
    const int Longest = 63;

    /// <summary>The setting for one transaction, or until <c>RESET ALL</c>.</summary>
    /// <param name="sessionName">What the session was opened as.</param>
    /// <param name="version">The migration.</param>
    /// <param name="local">Only for the transaction that is open.</param>
    public static string Set(string sessionName, long version, bool local)
    {
        var number = version.ToString(CultureInfo.InvariantCulture);
        // The server shows other characters as question marks; a quote or backslash would have to be escaped according to the session's
        // settings.
        var name = Unsafe().Replace(sessionName, "?");
        name = name[..Math.Min(name.Length, Longest - 1 - number.Length)];
        return $"SET {(local ? "LOCAL " : string.Empty)}application_name = '{name} {number}'";
    }

    /// <summary>The version in a session's name; null when the name is not one of ours.</summary>
    /// <param name="application">The session's name.</param>
    /// <param name="holdsLock">Whoever holds the migration lock may have a name of the user's choice.</param>
    public static long? VersionIn(string? application, bool holdsLock)
    {
        if (application is null || !(holdsLock || application.StartsWith(Default + " ", StringComparison.Ordinal)))
        {
            return null;
        }

        var match = Numbered().Match(application);
        return match.Success && long.TryParse(match.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }

    [GeneratedRegex(@"[^ -~]|['\\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"(?<= )-?[0-9]{1,19}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbered();
}
