using Tomlyn.Parsing;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>A value of a TOML file: texts are kept, other kinds only as being there.</summary>
internal sealed record TomlEntry(SourceLocation Location, bool IsList, IReadOnlyList<string>? Texts);

/// <summary>Reads a TOML file into its values by dotted path, with their places.</summary>
static class TomlEntries
{
    /// <summary>All values of a file.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file, line and column.</exception>
    internal static IReadOnlyDictionary<string, TomlEntry> Read(string path)
    {
        var text = ConfigurationText.Read(path);
        // The event reader does not look for keys that are defined twice; the syntax tree does.
        if (SyntaxParser.Parse(text, path, validate: true).Diagnostics is [var first, ..])
        {
            var location = new SourceLocation(path, first.Span.Start.Line + 1, first.Span.Start.Column + 1);
            throw ConfigurationError.Create(location, $"This is not valid TOML: {first.Message}.", "Correct it.");
        }

        var entries = new Dictionary<string, TomlEntry>(StringComparer.Ordinal);
        var parser = TomlParser.Create(text);
        while (parser.MoveNext() && parser.Current.Kind != TomlParseEventKind.StartTable)
        {
        }

        ReadTable(parser, path, "", entries);
        return entries;
    }

    static void ReadTable(TomlParser parser, string path, string prefix, Dictionary<string, TomlEntry> entries)
    {
        while (parser.MoveNext() && parser.Current.Kind == TomlParseEventKind.PropertyName)
        {
            var name = prefix + parser.GetPropertyName();
            var start = parser.Current.Span?.Start;
            var location = new SourceLocation(path, (start?.Line ?? 0) + 1, (start?.Column ?? 0) + 1);
            parser.MoveNext();
            switch (parser.Current.Kind)
            {
                case TomlParseEventKind.StartTable:
                    ReadTable(parser, path, name + ".", entries);
                    break;
                case TomlParseEventKind.StartArray:
                    entries[name] = new TomlEntry(location, IsList: true, ReadArray(parser));
                    break;
                default:
                    entries[name] = new TomlEntry(location, IsList: false, IsText(parser) ? [parser.GetString()] : null);
                    break;
            }
        }
    }

    /// <summary>The texts of an array; null when it holds anything else.</summary>
    static List<string>? ReadArray(TomlParser parser)
    {
        var texts = new List<string>();
        var onlyTexts = true;
        var depth = 1;
        while (depth > 0 && parser.MoveNext())
        {
            depth += parser.Current.Kind switch
            {
                TomlParseEventKind.StartArray => 1,
                TomlParseEventKind.EndArray => -1,
                _ => 0,
            };
            if (IsText(parser))
            {
                texts.Add(parser.GetString());
            }
            else if (depth > 0)
            {
                onlyTexts = false;
            }
        }

        return onlyTexts ? texts : null;
    }

    static bool IsText(TomlParser parser) => parser.Current.Kind == TomlParseEventKind.String;
}
