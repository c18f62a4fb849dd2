namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>A folder with PostgreSQL's server programs.</summary>
/// <param name="Folder">The folder, absolute, links resolved.</param>
/// <param name="Version">Such as <c>15.20</c>.</param>
internal sealed record ServerBinaries(string Folder, string Version)
{
    /// <summary>The first number of the version: what data folders are bound to.</summary>
    public int Major { get; } = MajorOf(Version);

    public string Initdb => Program(Folder, "initdb");

    public string PgCtl => Program(Folder, "pg_ctl");

    /// <summary>The path that a program has, or would have, in a folder.</summary>
    public static string Program(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>18 of <c>18.4</c>, <c>19beta1</c> and <c>19</c>; 0 when there is no number.</summary>
    public static int MajorOf(string version)
    {
        var digits = version.AsSpan().Trim();
        var length = 0;
        while (length < digits.Length && char.IsAsciiDigit(digits[length]))
        {
            length++;
        }

        return length is 0 or > 4 ? 0 : int.Parse(digits[..length], System.Globalization.CultureInfo.InvariantCulture);
    }
}
