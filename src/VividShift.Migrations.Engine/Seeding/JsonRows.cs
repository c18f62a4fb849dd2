using System.Text;
using System.Text.Json;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Rows of a JSON file: a list of objects that all have the same members. Held in memory; CSV is for bulk.</summary>
sealed class JsonRows : SeedRows
{
    readonly JsonText _json;
    readonly SeedHead _head;
    readonly List<(int Line, JsonElement Row)> _rows = [];
    readonly List<string> _columns = [];

    JsonRows(JsonText json)
    {
        _json = json;
        _head = new SeedHead(json);
    }

    internal override IReadOnlyList<string> Columns => _columns;

    internal override string? Table => _head.Table;

    internal override IReadOnlyList<string>? Key => _head.Key;

    internal override string CopyOptions => "FORMAT text";

    /// <summary>Opens a file.</summary>
    /// <exception cref="MigrationException">SeedFailed, naming file and line.</exception>
    internal static JsonRows Open(JsonText json)
    {
        var rows = new JsonRows(json);
        rows.Read();
        return rows;
    }

    internal override async Task<long> WriteAsync(
        TextWriter writer, IReadOnlyList<SeedColumn> columns, Action<string, int> progress, CancellationToken cancellationToken)
    {
        var values = new string[columns.Count];
        foreach (var (line, row) in _rows)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var text = JsonValue.Of(row.GetProperty(_columns[i]), columns[i])
                    ?? throw SeedErrors.Unusable(
                        _json.File,
                        line,
                        $"A list or an object cannot go into the column {columns[i].Name} of type {columns[i].Type}.",
                        "Write it as a text.");
                values[i] = text;
            }

            await writer.WriteAsync((string.Join('\t', values) + "\n").AsMemory(), cancellationToken);
        }

        return _rows.Count;
    }

    internal override int LineOf(long row) => _rows[(int)row - 1].Line;

    internal override int LineOfCopy(int line) => line <= _rows.Count ? LineOf(line) : 1;

    void Read()
    {
        var reader = _json.Reader;
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                ReadRows(ref reader);
                reader.Read();
                return;
            }
        }
        catch (JsonException e)
        {
            throw _json.NotJson(e);
        }

        var found = false;
        _head.ReadObject((ref Utf8JsonReader rows) =>
        {
            found = true;
            ReadRows(ref rows);
        });
        if (!found)
        {
            throw _json.Wrong(0, "The object has no 'rows'.", "Write { \"rows\": [ … ] }, or the list alone.");
        }
    }

    void ReadRows(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw _json.Wrong(reader.TokenStartIndex, "Rows must be a list of objects.", "Write [ { … }, { … } ].");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var at = reader.TokenStartIndex;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw _json.Wrong(at, "A row must be an object.", "Write { \"column\": value, … }.");
            }

            Add(at, JsonElement.ParseValue(ref reader));
        }
    }

    void Add(long at, JsonElement row)
    {
        var names = row.EnumerateObject().Select(member => member.Name).ToList();
        if (_rows.Count == 0)
        {
            _columns.AddRange(names);
        }

        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw _json.Wrong(at, $"The row says '{twice.Key}' twice.", "Keep one of them.");
        }

        // A member that is left out could mean NULL, the column's default, or a slip of the pen.
        if (_columns.Except(names).FirstOrDefault() is { } missing)
        {
            throw _json.Wrong(at, $"The row does not say '{missing}', which the first row says.", "Write null, or leave it out of all rows.");
        }

        if (names.Except(_columns).FirstOrDefault() is { } extra)
        {
            throw _json.Wrong(at, $"The row says '{extra}', which the first row does not say.", "Say it in all rows, or in none.");
        }

        _rows.Add((_json.LineOf(at), row));
    }
}

/// <summary>JSON values as COPY's text format has them.</summary>
static class JsonValue
{
    const string Null = @"\N";

    /// <summary>A value for a column; null when the column cannot take it.</summary>
    internal static string? Of(JsonElement value, SeedColumn column) => value.ValueKind switch
    {
        JsonValueKind.Null => Null,
        _ when column.IsJson => Escape(value.GetRawText()),
        JsonValueKind.String => Escape(value.GetString()!),
        JsonValueKind.Array when column.IsArray => Escape(ArrayText(value)),
        JsonValueKind.Array or JsonValueKind.Object => null,
        _ => value.GetRawText(),
    };

    static string ArrayText(JsonElement list) => "{" + string.Join(',', list.EnumerateArray().Select(member => member.ValueKind switch
    {
        JsonValueKind.Null => "NULL",
        JsonValueKind.Array => ArrayText(member),
        JsonValueKind.String => Quote(member.GetString()!),
        // For jsonb[].
        JsonValueKind.Object => Quote(member.GetRawText()),
        _ => member.GetRawText(),
    })) + "}";

    static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("\\\t\n\r") < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => escaped.Append(@"\\"),
                '\t' => escaped.Append(@"\t"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
