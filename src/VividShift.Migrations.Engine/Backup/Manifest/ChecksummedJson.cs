using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Engine.Backup.Manifest;

/// <summary>Reads and writes the JSON files of a backup, each under its seal.</summary>
static class ChecksummedJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(), new ChecksumConverter() },
    };

    /// <summary>Writes a file that others see whole or not at all, and that outlives a power cut.</summary>
    /// <returns>Its seal.</returns>
    public static async Task<string> WriteAsync<T>(string path, T content, CancellationToken cancellationToken)
    {
        var bytes = JsonChecksum.Put(JsonSerializer.Serialize(content, Options));
        var temporary = path + TemporaryEnding;
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var stream = new FileStream(temporary, options))
        {
            await stream.WriteAsync(bytes, cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FolderSync.Flush(Path.GetDirectoryName(path)!);
        return JsonChecksum.Check(bytes)!;
    }

    /// <summary>What a killed run may leave beside a file that it was about to replace.</summary>
    public const string TemporaryEnding = ".new";

    /// <summary>Reads a file.</summary>
    /// <exception cref="MigrationException">BackupInvalid: not there, damaged, edited, or of a newer version of this module.</exception>
    public static (T Content, string Seal) Read<T>(string path, int newestFormat)
    {
        var bytes = Load(path);
        if (JsonChecksum.Check(bytes) is not { } seal)
        {
            throw Invalid(path, "is damaged or was edited: its seal is not that of its content");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.GetProperty("formatVersion").GetInt32() > newestFormat)
            {
                throw Invalid(path, "was written by a newer version of this module");
            }

            return (document.Deserialize<T>(Options)!, seal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Invalid(path, $"cannot be understood: {e.Message.TrimEnd('.')}", e);
        }
    }

    static byte[] Load(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, $"cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    static MigrationException Invalid(string path, string why, Exception? cause = null) => new(
        MigrationErrorCode.BackupInvalid,
        $"'{path}' {why}.",
        "Do not rely on this backup: use another one, or take a new one with Backup-VsDatabase.",
        cause)
    {
        Target = path,
    };

    sealed class ChecksumConverter : JsonConverter<Checksum>
    {
        public override Checksum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(Convert.FromHexString(reader.GetString()!));

        public override void Write(Utf8JsonWriter writer, Checksum value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>
/// The last line of a JSON file: a hash over every byte before it. It shows damage and edits by hand. It is no signature: who means to
/// deceive can compute it anew, so guard the folder as the database.
/// </summary>
static class JsonChecksum
{
    const string Before = ",\n  \"seal\": \"";
    const string After = "\"\n}\n";
    const int Digits = 64;

    /// <summary>The bytes of the file for an indented JSON object.</summary>
    public static byte[] Put(string json)
    {
        var open = json.ReplaceLineEndings("\n").TrimEnd().TrimEnd('}').TrimEnd();
        return Encoding.UTF8.GetBytes(open + Before + Hash(Encoding.UTF8.GetBytes(open)) + After);
    }

    /// <summary>The seal of a file; null when it has none or not the right one.</summary>
    public static string? Check(ReadOnlySpan<byte> content)
    {
        var tail = Before.Length + Digits + After.Length;
        if (content.Length <= tail)
        {
            return null;
        }

        var open = content[..^tail];
        var seal = Hash(open);
        return content[^tail..].SequenceEqual(Encoding.UTF8.GetBytes(Before + seal + After)) ? seal : null;
    }

    static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
}
