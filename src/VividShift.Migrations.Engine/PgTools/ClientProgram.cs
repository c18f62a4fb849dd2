namespace VividShift.Migrations.Engine.PgTools;

/// <summary>One of PostgreSQL's client programs.</summary>
/// <param name="Name">Its name: <c>pg_dump</c>.</param>
/// <param name="Path">The file, absolute.</param>
/// <param name="Version">What it says of itself: <c>15.4</c>.</param>
internal sealed record ClientProgram(string Name, string Path, string Version)
{
    /// <summary>The major version.</summary>
    public int Major => MajorOf(Version);

    /// <summary>The leading number of a version; 0 when there is none.</summary>
    public static int MajorOf(string version)
    {
        var end = 0;
        while (end < version.Length && char.IsAsciiDigit(version[end]))
        {
            end++;
        }

        return int.TryParse(
            version.AsSpan(0, end),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var major)
            ? major
            : 0;
    }
}
