using System.Text;

namespace VividShift.Migrations.Catalog;

/// <summary>
/// Strict UTF-8: neither strips a byte order mark nor replaces a bad byte, unlike File.ReadAllText and Get-Content.
/// </summary>
public static class MigrationText
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes bytes; a BOM stays as U+FEFF.</summary>
    /// <exception cref="DecoderFallbackException">The bytes are not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> content) => Strict.GetString(content);

    /// <summary>The offset of the first byte that is not UTF-8; -1 when all are.</summary>
    public static int FirstInvalidByte(ReadOnlySpan<byte> content)
    {
        if (System.Text.Unicode.Utf8.IsValid(content))
        {
            return -1;
        }

        var rest = content;
        while (Rune.DecodeFromUtf8(rest, out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            rest = rest[consumed..];
        }

        return content.Length - rest.Length;
    }

    /// <summary>True when the bytes start with the UTF-8 byte order mark.</summary>
    public static bool HasByteOrderMark(ReadOnlySpan<byte> content) => content.StartsWith("\uFEFF"u8);
}
