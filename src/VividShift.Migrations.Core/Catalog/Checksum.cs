using System.Security.Cryptography;

namespace VividShift.Migrations.Catalog;

/// <summary>
/// SHA-384 of a migration file, exactly as sqlx computes it: over the bytes on disk, BOM, CRs and last newline included
/// (sqlx-core/src/migrate/migration.rs).
/// </summary>
public readonly struct Checksum : IEquatable<Checksum>
{
    const string Digits = "0123456789abcdef";

    readonly byte[]? _hash;

    /// <summary>Wraps a stored hash; any length, since a table can hold anything.</summary>
    public Checksum(byte[] hash) => _hash = hash;

    /// <summary>The hash; empty for the default value.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>The hash of some bytes.</summary>
    public static Checksum Of(ReadOnlySpan<byte> content) => new(SHA384.HashData(content));

    /// <summary>A copy of the hash, for a bytea parameter.</summary>
    public byte[] ToArray() => Hash.ToArray();

    /// <inheritdoc/>
    public bool Equals(Checksum other) => Hash.SequenceEqual(other.Hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Checksum other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Hash);
        return hash.ToHashCode();
    }

    /// <summary>Lower-case hexadecimal, as sqlx prints it.</summary>
    public override string ToString() => string.Create(2 * Hash.Length, this, static (text, checksum) =>
    {
        for (var i = 0; i < checksum.Hash.Length; i++)
        {
            text[2 * i] = Digits[checksum.Hash[i] >> 4];
            text[(2 * i) + 1] = Digits[checksum.Hash[i] & 0xF];
        }
    });

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Checksum left, Checksum right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Checksum left, Checksum right) => !left.Equals(right);
}
