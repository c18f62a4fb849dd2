using System.Text;
using System.Text.Json;

namespace VividShift.Migrations.Engine.Seeding;

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
