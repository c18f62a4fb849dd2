using System.Text.Json;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Core.Tests.Catalog;

public class MigrationFileNameTests
{
    public static TheoryData<string> GoldenNames => [.. SqlxGolden.Names.Select(n => n.GetRawText())];

    [Theory]
    [MemberData(nameof(GoldenNames))]
    public void Names_are_read_as_sqlx_reads_them(string json)
    {
        var expected = JsonDocument.Parse(json).RootElement;
        var reading = MigrationFileName.Read(expected.GetProperty("file_name").GetString()!);
        switch (expected.GetProperty("outcome").GetString())
        {
            case "ignored":
                Assert.Equal(FileNameReading.Ignored, reading);
                break;
            case "error":
                Assert.NotNull(reading.Problem);
                break;
            default:
                Assert.NotNull(reading.Name);
                Assert.Equal(expected.GetProperty("version").GetInt64(), reading.Name.SqlxVersion);
                Assert.Equal(KindOf(expected.GetProperty("type").GetString()!), reading.Name.Kind);
                if (reading.Name.Version == reading.Name.SqlxVersion)
                {
                    Assert.Equal(expected.GetProperty("description").GetString(), reading.Name.Description);
                }

                break;
        }
    }

    [Fact]
    public void Only_the_guides_written_form_is_read_otherwise_than_by_sqlx()
    {
        var differing = SqlxGolden.Names
            .Select(n => MigrationFileName.Read(n.GetProperty("file_name").GetString()!).Name)
            .Where(n => n is not null && n.Version != n.SqlxVersion)
            .Select(n => n!.FileName);
        Assert.Equal(["20250926_152953_desc.sql"], differing);
    }

    [Theory]
    [InlineData("20250926_152953_initial_schema.sql", 20250926152953, "initial schema")]
    [InlineData("20250926_152953_initial_schema.down.sql", 20250926152953, "initial schema")]
    [InlineData("20250926_256199_not_a_time.sql", 20250926, "256199 not a time")]
    [InlineData("20251341_152953_not_a_date.sql", 20251341, "152953 not a date")]
    [InlineData("2025_152953_short.sql", 2025, "152953 short")]
    [InlineData("20250926_152953.sql", 20250926, "152953")]
    public void A_date_and_a_time_are_one_version(string fileName, long version, string description)
    {
        var name = MigrationFileName.Read(fileName).Name;
        Assert.Equal((version, description), (name!.Version, name.Description));
    }

    static MigrationKind KindOf(string sqlxType) => sqlxType switch
    {
        "Simple" => MigrationKind.Simple,
        "ReversibleUp" => MigrationKind.Up,
        "ReversibleDown" => MigrationKind.Down,
        _ => throw new ArgumentOutOfRangeException(nameof(sqlxType), sqlxType, "not a type of sqlx"),
    };
}
