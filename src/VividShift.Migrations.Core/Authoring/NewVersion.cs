using System.Globalization;

namespace VividShift.Migrations.Authoring;

/// <summary>A version for a new migration, and how it is written.</summary>
/// <param name="Value">The number.</param>
/// <param name="Text">Its digits, with leading zeros where the folder has them.</param>
public sealed record NewVersion(long Value, string Text)
{
    const string Format = "yyyyMMddHHmmss";

    /// <summary>The next version: always higher than every version in the folder.</summary>
    /// <exception cref="MigrationException">NameInvalid: there is no higher number.</exception>
    public static NewVersion Next(VersioningConventions habits, VersionStyle style, DateTimeOffset now)
    {
        if (habits.Newest == long.MaxValue)
        {
            throw Refuse(long.MaxValue, "is in the folder already, and no version can be higher", MigrationErrorCode.NameInvalid);
        }

        return style == VersionStyle.Sequential
            // A folder of negative versions starts at 1, too.
            ? Write(habits, Math.Max(0, habits.Newest ?? 0) + 1)
            : Write(habits, Timestamp(habits.Newest, now));
    }

    /// <summary>A version that a user chose.</summary>
    /// <exception cref="MigrationException">DuplicateVersion: a file has it. NameInvalid: it is negative.</exception>
    public static NewVersion Chosen(VersioningConventions habits, long version)
    {
        if (version < 0)
        {
            throw Refuse(version, "is negative", MigrationErrorCode.NameInvalid);
        }

        return habits.Versions.Contains(version)
            ? throw Refuse(version, "is in the folder already", MigrationErrorCode.DuplicateVersion)
            : Write(habits, version);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Another machine's clock, or a second migration within this second, may have used the time already.
    static long Timestamp(long? newest, DateTimeOffset now)
    {
        var time = Number(now.UtcDateTime);
        if (newest is not { } last || time > last)
        {
            return time;
        }

        return Read(last) is { } lastTime && lastTime < DateTime.MaxValue.AddSeconds(-1) ? Number(lastTime.AddSeconds(1)) : last + 1;
    }

    static DateTime? Read(long version) => DateTime.TryParseExact(
        version.ToString(CultureInfo.InvariantCulture), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? time
        : null;

    static long Number(DateTime time) => long.Parse(time.ToString(Format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    static NewVersion Write(VersioningConventions habits, long value) =>
        new(value, value.ToString(CultureInfo.InvariantCulture).PadLeft(habits.Width, '0'));

    static MigrationException Refuse(long version, string problem, MigrationErrorCode code) => new(
        code,
        FormattableString.Invariant($"Version {version} {problem}."),
        "Leave -Version out to get the next one.")
    {
        DatabaseState = MigrationFileWriter.NoFile,
        Target = version,
    };
}
