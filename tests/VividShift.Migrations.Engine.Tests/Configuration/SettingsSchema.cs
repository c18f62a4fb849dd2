using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Tests.Configuration;

/// <summary>The JSON schema that editors complete <c>vividshift.json</c> by, made from the table of settings.</summary>
static class SettingsSchema
{
    static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Make()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Configuration of VividShift.Migrations",
            ["description"] = "vividshift.json, and vividshift.ENVIRONMENT.json on top of it.",
        };
        foreach (var (name, value) in Level(ConnectionParameters.KnownSettings.All, 0))
        {
            schema[name] = value?.DeepClone();
        }

        return schema.ToJsonString(Written).ReplaceLineEndings("\n") + "\n";
    }

    static JsonObject Level(IEnumerable<KnownSetting> settings, int depth)
    {
        var properties = new JsonObject();
        var level = new JsonObject { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = false };
        foreach (var member in settings.GroupBy(setting => setting.Name.Split(':')[depth]))
        {
            var leaf = member.FirstOrDefault(setting => setting.Name.Split(':').Length == depth + 1);
            var value = leaf is not null ? Leaf(leaf) : Level(member, depth + 1);
            switch (member.Key)
            {
                case KnownSetting.AnyName:
                    level["patternProperties"] = new JsonObject { ["^[A-Za-z0-9_.-]+$"] = value };
                    break;
                case KnownSetting.AnyIndex:
                    return new JsonObject { ["type"] = new JsonArray("array", "null"), ["items"] = value };
                default:
                    properties[member.Key] = value;
                    break;
            }
        }

        if (properties.Count > 0)
        {
            level["properties"] = properties;
        }

        return level;
    }

    static JsonObject Leaf(KnownSetting setting)
    {
        var leaf = setting.Kind switch
        {
            SettingKind.Boolean => new JsonObject { ["type"] = new JsonArray("boolean", "null") },
            SettingKind.Port => new JsonObject { ["type"] = new JsonArray("integer", "null"), ["minimum"] = 1, ["maximum"] = 65535 },
            SettingKind.Numbers => new JsonObject
            {
                ["type"] = new JsonArray("integer", "array", "null"),
                ["minimum"] = 0,
                ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
            },
            _ when setting.IsBare => new JsonObject { ["type"] = new JsonArray("integer", "null"), ["minimum"] = 0 },
            SettingKind.Choice => new JsonObject { ["enum"] = new JsonArray([.. setting.Choices.Select(choice => (JsonNode?)choice), null]) },
            _ when setting.TakesList => new JsonObject
            {
                ["type"] = new JsonArray("string", "array", "null"),
                ["items"] = new JsonObject { ["type"] = "string" },
            },
            _ => new JsonObject { ["type"] = new JsonArray("string", "null") },
        };
        leaf["description"] = setting.Description;
        return leaf;
    }
}
