using System.Text;
using System.Text.Json;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>A JSON file in memory, whose places can be told as lines.</summary>
sealed class JsonText
{
    JsonText(SeedFile file, byte[] content) => (File, Content) = (file, content);

    /// <summary>The file.</summary>
    internal SeedFile File { get; }

    /// <summary>Its bytes without a byte order mark.</summary>
    internal ReadOnlyMemory<byte> Content { get; }

    /// <summary>A reader at its beginning; comments and trailing commas are fine.</summary>
    internal Utf8JsonReader Reader => new(
        Content.Span, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

    /// <summary>Reads a file.</summary>
    /// <exception cref="MigrationException">SeedFailed.</exception>
    internal static async Task<JsonText> ReadAsync(SeedFile file, CancellationToken cancellationToken)
    {
        byte[] content;
        try
        {
            content = await System.IO.File.ReadAllBytesAsync(file.Path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SeedErrors.Unusable(file, $"The file cannot be read: {e.Message.TrimEnd('.')}.", "Make it readable, or take it away.", e);
        }

        try
        {
            MigrationText.Decode(content);
        }
        catch (DecoderFallbackException e)
        {
            throw SeedText.NotUtf8(file, e);
        }

        return new JsonText(file, MigrationText.HasByteOrderMark(content) ? content[3..] : content);
    }

    /// <summary>The line of an offset.</summary>
    internal int LineOf(long offset) => Content.Span[..(int)Math.Min(offset, Content.Length)].Count((byte)'\n') + 1;

    /// <summary>What is wrong at an offset.</summary>
    internal MigrationException Wrong(long offset, string what, string advice) => SeedErrors.Unusable(File, LineOf(offset), what, advice);

    /// <summary>Text that is no JSON.</summary>
    internal MigrationException NotJson(JsonException cause) => SeedErrors.Unusable(
        File,
        (int)(cause.LineNumber ?? 0) + 1,
        "This is not valid JSON.",
        "Names and texts need double quotes; comments and trailing commas are allowed.",
        cause);
}
