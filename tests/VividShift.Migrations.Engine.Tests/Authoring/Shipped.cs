using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.Engine.Tests.Authoring;

/// <summary>The templates as they ship, and what they stand on.</summary>
static class Shipped
{
    /// <summary>What VividShift's first migration gives to every later one.</summary>
    public const string Basis =
        """
        CREATE EXTENSION "uuid-ossp";
        CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END';
        """;

    public static readonly string MigrationsFolder = Path.Combine(AppContext.BaseDirectory, "migrations");

    public static readonly TemplateFolders Templates = new(Path.Combine(AppContext.BaseDirectory, "templates"));

    /// <summary>A template's pair of texts, from properties written as <c>name=value</c>.</summary>
    public static (string Up, string Down) Pair(string template, params string[] properties)
    {
        var given = properties.Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var (up, down) = Templates.Load(template).Render(MigrationName.Parse("a test"), new(1, "0001"), given);
        return (up, down!);
    }
}
