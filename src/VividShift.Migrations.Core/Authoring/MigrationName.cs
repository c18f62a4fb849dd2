using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.Authoring;

/// <summary>
/// A description that can stand in a file name on every system, whatever the system it is written on: a folder of migrations
/// travels between Windows, macOS and Linux.
/// </summary>
public sealed partial record MigrationName
{
    // Refused by Windows in file names, read as a path by some system, or certain to be mistyped in a shell.
    const string Forbidden = "/\\:*?\"<>|'`";

    // With one of these at the end the file would play another part, or sqlx would read another description.
    static readonly string[] Suffixes = [".sql", ".up", ".down"];

    MigrationName(string value) => Value = value;

    /// <summary>The part of the file name after the version: spaces are underscores.</summary>
    public string Value { get; }

    /// <summary>The description that this module and sqlx read back: underscores are spaces.</summary>
    public string Description => Value.Replace('_', ' ');

    /// <summary>Checks a name that a user gave.</summary>
    /// <exception cref="MigrationException">NameInvalid, saying what is the matter with it.</exception>
    public static MigrationName Parse(string name)
    {
        if (FindProblem(name) is { } problem)
        {
            throw Invalid(name, problem);
        }

        return new(string.Concat(name.Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? '_' : c)));
    }

    /// <summary>The error for a name that cannot be used.</summary>
    internal static MigrationException Invalid(string name, string problem)
    {
        var shown = string.Concat(name.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
        return new(
            MigrationErrorCode.NameInvalid,
            $"The name '{shown}' cannot name a migration: {problem}.",
            "Use a few words of letters, digits, spaces and underscores, such as 'add phone to participants'.")
        {
            DatabaseState = MigrationFileWriter.NoFile,
            Target = name,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    static string? FindProblem(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return "it is empty";
        }

        if (name.FirstOrDefault(c => Forbidden.Contains(c, StringComparison.Ordinal)) is var forbidden and not '\0')
        {
            return $"the character {forbidden} is not allowed in a file name on every system";
        }

        if (name.EnumerateRunes().Any(IsInvisible))
        {
            return "it holds a control, invisible or incomplete character";
        }

        if (IsEdge(name[0]) || IsEdge(name[^1]))
        {
            return "it starts or ends with a space or a dot";
        }

        if (Array.Find(Suffixes, s => name.EndsWith(s, StringComparison.OrdinalIgnoreCase)) is { } suffix)
        {
            return $"the ending {suffix} belongs to the file, not to its name";
        }

        return Device().IsMatch(name) ? "Windows keeps it for a device" : null;
    }

    // A lone half of a surrogate pair is enumerated as U+FFFD.
    static bool IsInvisible(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    static bool IsEdge(char c) => c == '.' || char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator;

    // Windows opens the device instead of a file, whatever the extension.
    [GeneratedRegex(
        @"^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|clock\$|conin\$|conout\$)\s*(?:\.|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Device();
}
