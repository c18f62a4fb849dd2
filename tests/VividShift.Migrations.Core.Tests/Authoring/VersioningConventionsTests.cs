using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.Core.Tests.Authoring;

public class VersioningConventionsTests
{
    [Theory]
    [InlineData(VersionStyle.Timestamp)]
    [InlineData(VersionStyle.Sequential, "0000_a.sql")]
    [InlineData(VersionStyle.Sequential, "1_a.sql")]
    [InlineData(VersionStyle.Timestamp, "2_a.sql")]
    [InlineData(VersionStyle.Sequential, "7_a.sql", "8_b.sql")]
    [InlineData(VersionStyle.Timestamp, "7_a.sql", "9_b.sql")]
    [InlineData(VersionStyle.Timestamp, "1_a.sql", "2_a.sql", "20250926152953_b.sql")]
    public void A_sequence_is_seen_as_sqlx_sees_it(VersionStyle expected, params string[] files) =>
        Assert.Equal(expected, VersioningConventions.Of(files).Style);

    [Theory]
    [InlineData("1_a.up.sql", "1_a.down.sql")]
    [InlineData("1_a.up.sql", "1_a.down.sql", "2_b.up.sql", "2_b.down.sql")]
    public void A_pair_counts_once_so_pairs_are_a_sequence_as_well(params string[] files) =>
        Assert.Equal(VersionStyle.Sequential, VersioningConventions.Of(files).Style);

    [Theory]
    [InlineData(false)]
    [InlineData(false, "1_a.sql")]
    [InlineData(false, "1_a.up.sql", "1_a.down.sql")]
    [InlineData(true, "1_a.sql", "1_a.down.sql")]
    [InlineData(false, "1_a.sql", "1_a.down.sql", "2_b.up.sql", "2_b.down.sql")]
    [InlineData(true, "1_a.sql", "1_a.down.sql", "2_b.sql")]
    public void The_form_of_the_newest_pair_is_the_folders_form(bool plain, params string[] files) =>
        Assert.Equal(plain, VersioningConventions.Of(files).PlainUp);

    [Fact]
    public void What_is_no_migration_teaches_nothing()
    {
        var habits = VersioningConventions.Of(["README.md", "seed_data.sql", "9.sql", "0001_a.sql.bak"]);
        Assert.Empty(habits.Versions);
        Assert.Equal(4, habits.Width);
    }

    [Fact]
    public void A_folder_that_is_not_there_yet_has_no_habits() =>
        Assert.Null(VersioningConventions.OfFolder(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))).Newest);
}
