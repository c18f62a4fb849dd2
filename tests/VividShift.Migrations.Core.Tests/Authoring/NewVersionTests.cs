using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.Core.Tests.Authoring;

public class NewVersionTests
{
    static readonly DateTimeOffset Now = new(2025, 9, 26, 17, 29, 53, TimeSpan.FromHours(2));

    [Fact]
    public void A_time_stamp_is_utc_whatever_the_clock_shows() => Assert.Equal("20250926152953", Next(VersionStyle.Timestamp).Text);

    [Theory]
    [InlineData("20250926152953", "20250926152954")]
    [InlineData("20250926235959", "20250927000000")]
    [InlineData("20281231235959", "20290101000000")]
    [InlineData("20250926152952", "20250926152953")]
    [InlineData("20259999999999", "20260000000000")]
    [InlineData("99991231235959", "99991231235960")]
    public void It_is_newer_than_the_newest_file_and_a_time_where_that_can_be(string newest, string expected) =>
        Assert.Equal(expected, Next(VersionStyle.Timestamp, newest + "_a.sql").Text);

    [Fact]
    public void A_down_script_alone_counts() =>
        Assert.Equal("20300101000001", Next(VersionStyle.Timestamp, "20300101000000_a.down.sql").Text);

    [Fact]
    public void The_guides_written_form_counts_as_what_it_means() =>
        Assert.Equal("20300101000001", Next(VersionStyle.Timestamp, "20300101_000000_a.sql").Text);

    [Theory]
    [InlineData("0001")]
    [InlineData("0010", "9_a.sql", "0009_b.sql")]
    [InlineData("010", "009_a.sql")]
    [InlineData("10", "9_a.sql")]
    [InlineData("10000", "9999_a.sql")]
    [InlineData("20250926152954", "20250926152953_a.sql")]
    [InlineData("0001", "-0005_a.sql")]
    public void A_sequence_goes_on_as_wide_as_it_is_and_starts_above_negative_versions(string expected, params string[] files) =>
        Assert.Equal(expected, Next(VersionStyle.Sequential, files).Text);

    [Fact]
    public void A_chosen_version_takes_the_folders_width() =>
        Assert.Equal("0007", NewVersion.Chosen(VersioningConventions.Of(["0001_a.sql"]), 7).Text);

    [Fact]
    public void A_chosen_version_that_a_file_has_is_refused()
    {
        var error = Assert.Throws<MigrationException>(() => NewVersion.Chosen(VersioningConventions.Of(["0007_a.down.sql"]), 7));
        Assert.Equal(MigrationErrorCode.DuplicateVersion, error.Code);
    }

    [Fact]
    public void A_negative_version_is_refused() =>
        Assert.Equal(
            MigrationErrorCode.NameInvalid,
            Assert.Throws<MigrationException>(() => NewVersion.Chosen(VersioningConventions.Of([]), -1)).Code);

    [Theory]
    [InlineData(VersionStyle.Sequential)]
    [InlineData(VersionStyle.Timestamp)]
    public void Above_the_highest_number_there_is_nothing(VersionStyle style)
    {
        var error = Assert.Throws<MigrationException>(() => Next(style, "9223372036854775807_a.sql"));
        Assert.Equal(MigrationErrorCode.NameInvalid, error.Code);
    }

    static NewVersion Next(VersionStyle style, params string[] files) => NewVersion.Next(VersioningConventions.Of(files), style, Now);
}
