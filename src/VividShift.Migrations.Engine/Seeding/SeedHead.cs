using System.Text.Json;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Reads <c>{ "table": …, "key": […], "rows": […] }</c>.</summary>
sealed class SeedHead(JsonText json)
{
    internal delegate void RowsReader(ref Utf8JsonReader reader);

    /// <summary>The table; null when not said.</summary>
    internal string? Table { get; private set; }

    /// <summary>The key; null when not said.</summary>
    internal IReadOnlyList<string>? Key { get; private set; }

    /// <summary>Reads the object; <paramref name="rows"/> reads the list of rows, and is null where there may be none.</summary>
    /// <exception cref="MigrationException">SeedFailed, naming the line.</exception>
    internal void ReadObject(RowsReader? rows)
    {
        var reader = json.Reader;
        try
        {
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.StartObject, ref reader, "The file must hold one object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var at = reader.TokenStartIndex;
                var name = reader.GetString();
                reader.Read();
                switch (name)
                {
                    case "$schema":
                        reader.Skip();
                        break;
                    case "table":
                        Expect(reader.TokenType == JsonTokenType.String, ref reader, "'table' must be a text.");
                        Table = reader.GetString();
                        break;
                    case "key":
                        Key = ReadKey(ref reader);
                        break;
                    case "rows" when rows is not null:
                        rows(ref reader);
                        break;
                    default:
                        throw json.Wrong(
                            at, $"There is no setting '{name}' here.", $"There are 'table' and 'key'{(rows is null ? "" : " and 'rows'")}.");
                }
            }

            reader.Read();
        }
        catch (JsonException e)
        {
            throw json.NotJson(e);
        }
    }

    List<string> ReadKey(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [reader.GetString()!];
        }

        Expect(reader.TokenType == JsonTokenType.StartArray, ref reader, "'key' must be a list of column names.");
        var key = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(reader.TokenType == JsonTokenType.String, ref reader, "'key' must be a list of column names.");
            key.Add(reader.GetString()!);
        }

        return key;
    }

    void Expect(bool condition, ref Utf8JsonReader reader, string otherwise)
    {
        if (!condition)
        {
            throw json.Wrong(reader.TokenStartIndex, otherwise, "Correct it.");
        }
    }
}
