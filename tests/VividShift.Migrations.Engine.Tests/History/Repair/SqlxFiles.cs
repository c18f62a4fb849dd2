using System.Text.Json;

namespace VividShift.Migrations.Engine.Tests.History.Repair;

/// <summary>Files with the checksums that sqlx computes (sqlx-golden.json), as far as they can run and have lines.</summary>
static class SqlxFiles
{
    static readonly Dictionary<string, JsonElement> Files = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "sqlx-golden.json"))).RootElement
        .GetProperty("files").EnumerateArray()
        .Where(f => !f.GetProperty("has_bom").GetBoolean() && f.GetProperty("content_base64").GetBytesFromBase64().Contains((byte)'\n'))
        .ToDictionary(f => f.GetProperty("file_name").GetString()!);

    public static IEnumerable<string> Names => Files.Keys;

    public static (byte[] Content, string Checksum, long Version) Of(string name)
    {
        var expected = Files[name].GetProperty("expected");
        return (
            Files[name].GetProperty("content_base64").GetBytesFromBase64(),
            expected.GetProperty("checksum_sha384_hex").GetString()!,
            expected.GetProperty("version").GetInt64());
    }
}
