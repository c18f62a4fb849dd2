using System.Text.Json;

namespace VividShift.Migrations.Core.Tests.Catalog;

/// <summary>The cases of sqlx-golden.json.</summary>
static class SqlxGolden
{
    static readonly JsonDocument Document =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "sqlx-golden.json")));

    public static JsonElement Root => Document.RootElement;

    public static IEnumerable<JsonElement> Files =>
        Root.GetProperty("files").EnumerateArray().Concat(Root.GetProperty("extra_files").EnumerateArray());

    public static IEnumerable<JsonElement> Names => Root.GetProperty("file_name_cases").EnumerateArray();
}
