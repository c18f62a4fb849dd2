using System.Text;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Authoring;

/// <summary>A file that is to be written.</summary>
/// <param name="FileName">Its name without folder.</param>
/// <param name="Text">What is in it.</param>
public sealed record DraftFile(string FileName, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => FileName;
}

/// <summary>A new migration as it would be written: what <c>-WhatIf</c> shows and what <see cref="MigrationFileWriter"/> writes.</summary>
public sealed record NewMigration
{
    // What ext4, APFS and NTFS take; ext4 counts bytes.
    const int MaximumFileName = 255;

    /// <summary>Its version.</summary>
    public required NewVersion Version { get; init; }

    /// <summary>The folder, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>One file, or the up file and the down file.</summary>
    public required IReadOnlyList<DraftFile> Files { get; init; }

    /// <summary>Settles everything about a new migration; reads the folder and writes nothing.</summary>
    /// <param name="request">What it should be.</param>
    /// <param name="now">The time of its version.</param>
    /// <exception cref="MigrationException">NameInvalid, DuplicateVersion, TemplateInvalid or PathNotFound.</exception>
    public static NewMigration Of(NewMigrationRequest request, DateTimeOffset now)
    {
        var name = MigrationName.Parse(request.Name);
        var habits = VersioningConventions.OfFolder(request.Folder).With(request.After);
        var version = request.Version is { } chosen
            ? NewVersion.Chosen(habits, chosen)
            : NewVersion.Next(habits, StyleOf(request, habits), now);
        var (up, down) = request.Template.Render(name, version, request.Properties);
        var stem = $"{version.Text}_{name.Value}";
        IReadOnlyList<DraftFile> files = IsSimple(request, habits)
            ? [new(Check(request, name, version, $"{stem}.sql", MigrationKind.Simple), up)]
            :
            [
                habits.PlainUp
                    ? new(Check(request, name, version, $"{stem}.sql", MigrationKind.Simple), up)
                    : new(Check(request, name, version, $"{stem}.up.sql", MigrationKind.Up), up),
                new(Check(request, name, version, $"{stem}.down.sql", MigrationKind.Down), down ?? throw NoDown(request.Template)),
            ];
        return new() { Version = version, Folder = request.Folder, Files = files };
    }

    static VersionStyle StyleOf(NewMigrationRequest request, VersioningConventions habits) => (request.Sequential, request.DefaultVersioning) switch
    {
        (true, _) or (null, "sequential") => VersionStyle.Sequential,
        (false, _) or (null, "timestamp") => VersionStyle.Timestamp,
        _ => habits.Style,
    };

    // sqlx infers a simple migration in an empty folder; here one has to ask for what cannot be undone.
    static bool IsSimple(NewMigrationRequest request, VersioningConventions habits) => request.Simple ?? request.DefaultType switch
    {
        "simple" => true,
        "inferred" => habits.Versions.Count > 0 && !habits.NewestIsReversible,
        _ => false,
    };

    // The proof of the name: it is read back, by our rules and by sqlx's, as what was asked for.
    static string Check(NewMigrationRequest request, MigrationName name, NewVersion version, string fileName, MigrationKind kind)
    {
        if (Encoding.UTF8.GetByteCount(fileName) is var bytes and > MaximumFileName)
        {
            throw MigrationName.Invalid(
                request.Name,
                FormattableString.Invariant($"the file name would have {bytes} bytes, and {MaximumFileName} is the limit"));
        }

        var wanted = new MigrationFileName(fileName, version.Value, kind, name.Description, version.Value);
        return MigrationFileName.Read(fileName).Name == wanted
            ? fileName
            : throw MigrationName.Invalid(
                request.Name,
                $"the file '{fileName}' would be read as another version or under another description");
    }

    static MigrationException NoDown(MigrationTemplate template) => TemplateErrors.Invalid(
        template.Name,
        "it has no down part, and a migration that can be undone needs one.",
        $"Add '{template.Path[..^".up.sql".Length]}.down.sql', or use -Simple.");
}

/// <summary>What a new migration should be.</summary>
public sealed record NewMigrationRequest
{
    /// <summary>What it is called, as its author typed it.</summary>
    public required string Name { get; init; }

    /// <summary>The folder it goes to, absolute; made if it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>What its files start from.</summary>
    public required MigrationTemplate Template { get; init; }

    /// <summary>Values for the template.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The version; null for the next one.</summary>
    public long? Version { get; init; }

    /// <summary>A version that is spoken for although no file has it yet; null for none.</summary>
    public long? After { get; init; }

    /// <summary>True for one file that cannot be undone; null as configured.</summary>
    public bool? Simple { get; init; }

    /// <summary>True for the highest version plus one, false for a time stamp; null as configured, else as the folder does it.</summary>
    public bool? Sequential { get; init; }

    /// <summary>sqlx.toml <c>defaults.migration-type</c>: inferred, simple or reversible.</summary>
    public string? DefaultType { get; init; }

    /// <summary>sqlx.toml <c>defaults.migration-versioning</c>: inferred, timestamp or sequential.</summary>
    public string? DefaultVersioning { get; init; }
}
