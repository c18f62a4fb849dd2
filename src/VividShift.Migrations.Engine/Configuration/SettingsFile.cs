using System.Text;
using System.Text.Json;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>
/// A <c>vividshift.json</c> or its overlay, checked: valid JSON, known settings, right types. Microsoft.Extensions.Configuration reads
/// the values; it forgets where they stood, so the places are kept here.
/// </summary>
internal sealed class SettingsFile
{
    static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly KnownSettings _known;
    readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    SettingsFile(string path, byte[] content, KnownSettings known) => (Path, Content, _known) = (path, content, known);

    /// <summary>Its path.</summary>
    internal string Path { get; }

    /// <summary>Its bytes without a byte order mark.</summary>
    internal byte[] Content { get; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file, line and column.</exception>
    internal static SettingsFile Read(string path, KnownSettings known)
    {
        var file = new SettingsFile(path, Encoding.UTF8.GetBytes(ConfigurationText.Read(path)), known);
        var reader = new Utf8JsonReader(file.Content, Lenient);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw file.Wrong(reader.TokenStartIndex, "The file must hold one JSON object.", "Write { … } around the settings.");
            }

            file.CheckObject(ref reader, "");
            // Trailing text is an error that shows on reading on.
            reader.Read();
        }
        catch (JsonException exception)
        {
            var offset = file.OffsetOf(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
            // The reader's own message repeats what stands there, which may be a piece of a password.
            throw file.Wrong(
                offset, "This is not valid JSON.", "Comments and trailing commas are allowed; names and texts need double quotes.");
        }

        return file;
    }

    /// <summary>The line on which a setting is named.</summary>
    internal int LineOf(string name) => _lines[name];

    void CheckObject(ref Utf8JsonReader reader, string group)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = group + reader.GetString();
            var at = reader.TokenStartIndex;
            if (!_lines.TryAdd(name, Locate(at).Line))
            {
                throw Wrong(at, $"The setting '{name}' stands here a second time.", "Keep one of them.");
            }

            reader.Read();
            if (_known.Find(name) is { } setting)
            {
                CheckValue(ref reader, name, setting);
            }
            else if (_known.IsGroup(name))
            {
                CheckGroup(ref reader, name);
            }
            else
            {
                throw Wrong(at, $"There is no setting '{name}'.", _known.AdviceFor(name));
            }
        }
    }

    void CheckGroup(ref Utf8JsonReader reader, string name)
    {
        var isList = _known.IsList(name);
        if (reader.TokenType == (isList ? JsonTokenType.StartArray : JsonTokenType.StartObject))
        {
            if (isList)
            {
                CheckList(ref reader, name);
            }
            else
            {
                CheckObject(ref reader, name + ":");
            }
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            throw Wrong(
                reader.TokenStartIndex,
                $"The setting '{name}' must be {(isList ? "a list of objects: [ { … } ]" : "an object: { … }")}.",
                "Correct it.");
        }
    }

    void CheckList(ref Utf8JsonReader reader, string name)
    {
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            var member = FormattableString.Invariant($"{name}:{index}");
            _lines.Add(member, Locate(reader.TokenStartIndex).Line);
            CheckGroup(ref reader, member);
        }
    }

    void CheckValue(ref Utf8JsonReader reader, string name, KnownSetting setting)
    {
        var at = reader.TokenStartIndex;
        var accepted = reader.TokenType switch
        {
            // Nothing is said here: a weaker source may say it.
            JsonTokenType.Null => true,
            JsonTokenType.True or JsonTokenType.False => setting.Kind is SettingKind.Boolean,
            JsonTokenType.Number => setting.IsBare && setting.Accepts(Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.String => !setting.IsBare && setting.Accepts(reader.GetString()!),
            JsonTokenType.StartArray => setting.TakesList && AreMembers(ref reader, setting, ref at),
            _ => false,
        };
        if (!accepted)
        {
            throw Wrong(at, $"The setting '{name}' must be {setting.Expectation}.", "Correct it.");
        }
    }

    static bool AreMembers(ref Utf8JsonReader reader, KnownSetting setting, ref long at)
    {
        while (reader.Read() && reader.TokenType == (setting.IsBare ? JsonTokenType.Number : JsonTokenType.String)
            && (!setting.IsBare || setting.Accepts(Encoding.UTF8.GetString(reader.ValueSpan))))
        {
        }

        at = reader.TokenStartIndex;
        return reader.TokenType == JsonTokenType.EndArray;
    }

    MigrationException Wrong(long offset, string what, string advice) => ConfigurationError.Create(Locate(offset), what, advice);

    SourceLocation Locate(long offset)
    {
        var before = Content.AsSpan(0, (int)Math.Min(offset, Content.Length));
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetString(before[lineStart..]).EnumerateRunes().Count() + 1;
        return new SourceLocation(Path, before.Count((byte)'\n') + 1, column);
    }

    long OffsetOf(long line, long bytesInLine)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start += Content.AsSpan(start).IndexOf((byte)'\n') + 1;
        }

        return start + bytesInLine;
    }
}
