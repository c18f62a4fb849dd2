using System.Reflection;
using System.Text.Json;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Tests.Configuration;

public sealed class SettingsSchemaTests
{
    [Fact]
    public void The_schema_that_ships_is_what_the_table_of_settings_says()
    {
        var made = SettingsSchema.Make();
        var committed = typeof(SettingsSchemaTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(fact => fact.Key == "SettingsSchema").Value!;
        if (Environment.GetEnvironmentVariable("VIVIDSHIFT_ACCEPT") == "1")
        {
            File.WriteAllText(committed, made);
        }

        Assert.True(
            File.ReadAllText(committed).ReplaceLineEndings("\n") == made,
            "module/schema/vividshift.schema.json is not what the settings are. Run this test with VIVIDSHIFT_ACCEPT=1, look at the difference and commit it.");
    }

    [Fact]
    public void Every_setting_is_described_in_a_sentence() => Assert.All(ConnectionParameters.KnownSettings.All, setting =>
    {
        Assert.EndsWith(".", setting.Description, StringComparison.Ordinal);
        Assert.True(char.IsUpper(setting.Description[0]) || setting.Description.StartsWith("true: ", StringComparison.Ordinal), setting.Description);
    });

    [Fact]
    public void It_has_every_setting_at_its_place()
    {
        using var schema = JsonDocument.Parse(SettingsSchema.Make());
        var properties = schema.RootElement.GetProperty("properties");

        Assert.Equal("boolean", properties.GetProperty("protected").GetProperty("type")[0].GetString());
        Assert.Contains(
            "verify-full", properties.GetProperty("sslMode").GetProperty("enum").EnumerateArray().Select(choice => choice.GetString()));
        var database = properties.GetProperty("databases").GetProperty("patternProperties").EnumerateObject().Single().Value;
        Assert.Equal(
            properties.GetProperty("server").GetProperty("description").GetString(),
            database.GetProperty("properties").GetProperty("server").GetProperty("description").GetString());
        Assert.False(database.GetProperty("additionalProperties").GetBoolean());
    }
}
