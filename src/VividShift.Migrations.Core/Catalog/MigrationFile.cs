namespace VividShift.Migrations.Catalog;

/// <summary>What part a file plays (sqlx: Simple, ReversibleUp, ReversibleDown).</summary>
public enum MigrationKind
{
    /// <summary><c>VERSION_name.sql</c>.</summary>
    Simple,

    /// <summary><c>VERSION_name.up.sql</c>.</summary>
    Up,

    /// <summary><c>VERSION_name.down.sql</c>.</summary>
    Down,
}

/// <summary>A migration file as it was read: the bytes that are hashed are the bytes that run.</summary>
public sealed class MigrationFile
{
    // Two threads may both be the first: they find the same, and each field is written as one reference.
    readonly IgnoredCharacters _ignored;
    string? _text;
    Checksum _checksum;

    /// <summary>Takes a file's name and bytes; the text is decoded and the checksum computed at first use.</summary>
    public MigrationFile(string path, MigrationFileName name, ReadOnlyMemory<byte> content, IgnoredCharacters ignored)
    {
        Path = path;
        Name = name;
        Content = content;
        _ignored = ignored;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>File name without folder.</summary>
    public string FileName => Name.FileName;

    /// <summary>What the name says.</summary>
    public MigrationFileName Name { get; }

    /// <summary>The version.</summary>
    public long Version => Name.Version;

    /// <summary>The description.</summary>
    public string Description => Name.Description;

    /// <summary>The part it plays.</summary>
    public MigrationKind Kind => Name.Kind;

    /// <summary>The bytes on disk.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>SHA-384 of the bytes without ignored characters.</summary>
    public Checksum Checksum => _checksum.Hash.IsEmpty ? _checksum = _ignored.ChecksumOf(Content.Span) : _checksum;

    /// <summary>The text, BOM kept.</summary>
    /// <exception cref="System.Text.DecoderFallbackException">The bytes are not UTF-8; such a file is never in a catalogue's
    /// migrations.</exception>
    public string Text => _text ??= MigrationText.Decode(Content.Span);

    /// <summary>True when the file starts with <c>-- no-transaction</c>: the first 17 bytes, exactly (sqlx source.rs).</summary>
    public bool NoTransaction => Content.Span.StartsWith("-- no-transaction"u8);

    /// <inheritdoc/>
    public override string ToString() => Path;
}
