namespace VividShift.Migrations.Core.Tests;

public sealed class HumanReadableTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(12.4, "12 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(1_449, "1.4 s")]
    [InlineData(59_940, "59.9 s")]
    [InlineData(59_960, "1 min 0 s")]
    [InlineData(123_000, "2 min 3 s")]
    [InlineData(3_599_400, "59 min 59 s")]
    [InlineData(3_599_600, "1 h 0 min")]
    [InlineData(3_900_000, "1 h 5 min")]
    [InlineData(90_000_000, "25 h 0 min")]
    [InlineData(180_000_000, "2 days")]
    public void Duration_has_the_two_units_that_matter(double milliseconds, string expected) =>
        Assert.Equal(expected, HumanReadable.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Duration_of_nothing_is_empty() => Assert.Equal("", HumanReadable.Duration(null));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1_023, "1023 B")]
    [InlineData(1_024, "1.0 kB")]
    [InlineData(1_048_530, "1.0 MB")]
    [InlineData(102_027_494, "97.3 MB")]
    [InlineData(long.MaxValue, "8388608.0 TB")]
    [InlineData(-2_048, "-2.0 kB")]
    public void Bytes_are_counted_in_powers_of_1024(long bytes, string expected) => Assert.Equal(expected, HumanReadable.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    public void Rows_have_their_plural(long rows, string expected) => Assert.Equal(expected, HumanReadable.Rows(rows));
}
