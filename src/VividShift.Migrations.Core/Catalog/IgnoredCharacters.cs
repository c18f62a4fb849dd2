using System.Text;

namespace VividShift.Migrations.Catalog;

/// <summary>
/// sqlx.toml's <c>ignored-chars</c>: single characters that are left out of the hash, and of nothing else
/// (sqlx-core/src/config/migrate.rs).
/// </summary>
public sealed class IgnoredCharacters
{
    readonly HashSet<Rune> _runes;

    /// <summary>Takes the characters as strings of one code point each.</summary>
    /// <exception cref="ArgumentException">An entry is not exactly one code point.</exception>
    public IgnoredCharacters(IEnumerable<string> characters)
    {
        _runes = [];
        foreach (var character in characters)
        {
            if (Rune.DecodeFromUtf16(character, out var rune, out var consumed) != System.Buffers.OperationStatus.Done
                || consumed != character.Length)
            {
                throw new ArgumentException($"'{character}' is not one character.", nameof(characters));
            }

            _runes.Add(rune);
        }
    }

    /// <summary>Nothing is left out.</summary>
    public static IgnoredCharacters None { get; } = new([]);

    /// <summary>The checksum of a file's bytes without these characters. Bytes that are not UTF-8 count as they are.</summary>
    public Checksum ChecksumOf(ReadOnlySpan<byte> content) => Checksum.Of(_runes.Count == 0 ? content : Strip(content));

    byte[] Strip(ReadOnlySpan<byte> content)
    {
        var kept = new byte[content.Length];
        var length = 0;
        while (!content.IsEmpty)
        {
            _ = Rune.DecodeFromUtf8(content, out var rune, out var consumed);
            if (!_runes.Contains(rune))
            {
                content[..consumed].CopyTo(kept.AsSpan(length));
                length += consumed;
            }

            content = content[consumed..];
        }

        return kept[..length];
    }
}
