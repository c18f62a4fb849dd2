using System.Globalization;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// One parameter of a connection: what each form in which people write connections calls it, and how its value is read and written.
/// </summary>
/// <param name="keyword">Npgsql's keyword; null where Npgsql has no such thing: then the format says which values do no harm.</param>
/// <param name="format">How its value is written.</param>
internal sealed class ConnectionParameter(string? keyword, ValueFormat format)
{
    /// <summary>Npgsql's keyword; null where Npgsql has no such thing.</summary>
    internal string? Keyword { get; } = keyword;

    /// <summary>How its value is written.</summary>
    internal ValueFormat Format { get; } = format;

    /// <summary>libpq's keyword, in URLs and in lists of <c>keyword=value</c>; null where libpq has no such thing.</summary>
    internal string? Libpq { get; init; }

    /// <summary>What sqlx calls it besides, in URLs.</summary>
    internal IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What Npgsql calls it besides, blanks left out.</summary>
    internal IReadOnlyList<string> Synonyms { get; init; } = [];

    /// <summary>libpq's variables, the strongest first. A child process gets the last; the others would lead it elsewhere, and are taken away.</summary>
    internal IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>The setting of <c>vividshift.json</c>; null when there is none.</summary>
    internal KnownSetting? Setting { get; init; }

    /// <summary>The parameter of the cmdlets; null when there is none.</summary>
    internal string? Argument { get; init; }

    /// <summary>What that parameter holds.</summary>
    internal Func<DatabaseRequest, string?> ArgumentOf { get; init; } = static _ => null;

    /// <summary>True for what must never be shown. It is never sent to a server that another source names.</summary>
    internal bool IsSecret { get; init; }

    /// <summary>True for what says which database it is, and as whom.</summary>
    internal bool Locates { get; init; }

    /// <summary>True when a child process is told also what nobody said, since the default of libpq is another.</summary>
    internal bool HasOwnDefault { get; init; }

    /// <summary>What messages call it.</summary>
    internal string Name => Libpq ?? Keyword ?? Aliases[0];

    /// <summary>Every name that some form has for it.</summary>
    internal IEnumerable<string> Names =>
        new[] { Keyword, Keyword?.Replace(" ", "", StringComparison.Ordinal) }.OfType<string>().Concat(UrlNames).Concat(Synonyms);

    /// <summary>Its names in URLs.</summary>
    internal IEnumerable<string> UrlNames => Libpq is null ? Aliases : Aliases.Prepend(Libpq);

    /// <summary>The variable through which a child process gets it; null when there is none.</summary>
    internal string? ChildVariable => Keyword is not null && Variables is [.., var last] ? last : null;

    /// <summary>True when that is Npgsql's keyword for it, in any case, or one of its synonyms.</summary>
    internal bool IsNpgsql(string name)
    {
        var bare = name.Replace(" ", "", StringComparison.Ordinal);
        return Keyword is not null && Synonyms.Append(Keyword.Replace(" ", "", StringComparison.Ordinal))
            .Contains(bare, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Puts a value into the settings; false when it cannot be used. An empty one says nothing; as in libpq it is no number and no word, though.
    /// </summary>
    internal bool TryWrite(NpgsqlConnectionStringBuilder settings, string value)
    {
        if (value is "")
        {
            return Format.MayBeEmpty;
        }

        if (Format.ToNpgsql(value) is not { } text)
        {
            return false;
        }

        try
        {
            if (Keyword is not null)
            {
                settings[Keyword] = text;
            }

            return true;
        }
        // What the builder says repeats the value.
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The strongest of its variables that is set; null when none is.</summary>
    internal ConfigurationValue? FindIn(Variables variables) => Variables.Select(variables.Find).FirstOrDefault(found => found is not null);

    /// <summary>The value in libpq's words; null when the settings do not say it.</summary>
    internal string? Read(NpgsqlConnectionStringBuilder settings) =>
        Keyword is not null && (HasOwnDefault || settings.ShouldSerialize(Keyword))
        && Convert.ToString(settings[Keyword], CultureInfo.InvariantCulture) is { Length: > 0 } text
            ? Format.ToLibpq(text)
            : null;
}
