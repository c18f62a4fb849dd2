using System.Text.Json;
using VividShift.Migrations.Seeding;

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

/// <summary>What a file beside a CSV file says of it: <c>{ "table": "app.users", "key": ["email"] }</c>.</summary>
sealed record SeedSidecar(string? Table, IReadOnlyList<string>? Key)
{
    /// <summary>The file; null when there is none.</summary>
    /// <exception cref="MigrationException">SeedFailed.</exception>
    internal static async Task<SeedSidecar?> FindAsync(SeedFile file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file.SidecarPath))
        {
            return null;
        }

        var json = await JsonText.ReadAsync(file with { Path = file.SidecarPath }, cancellationToken);
        var head = new SeedHead(json);
        head.ReadObject(rows: null);
        return new SeedSidecar(head.Table, head.Key);
    }
}
