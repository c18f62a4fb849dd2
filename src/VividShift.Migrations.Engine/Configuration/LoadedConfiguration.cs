using VividShift.Migrations.Configuration;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>All configuration sources of one request, read once.</summary>
internal sealed class LoadedConfiguration
{
    LoadedConfiguration(MigrationRequest request, IReadOnlyDictionary<string, string> environment, KnownSettings known)
    {
        var folder = request.Database.WorkingFolder;
        Request = request;
        Variables = new Variables(environment, folder);
        Environment = EnvironmentName.Find(request.Database.Environment, Variables);
        Files = ConfigurationFiles.Find(request.Database, Environment);
        var settings = LayeredConfiguration.Load(Files, Variables, folder, known);
        DatabaseNames = settings.NamesIn(KnownSettings.Databases);
        Chosen = NamedDatabase.Find(settings, DatabaseNames, request.Database);
        Settings = Chosen?.OnTopOf(settings) ?? settings;
        // A private server is nobody's production.
        Protection = request.Database.Sandbox ? null : Chosen?.Protection(settings) ?? settings.Find(KnownSettings.Protected);
        Sqlx = SqlxToml.Find(folder);
        MigrationFolders = FindMigrationFolders();
    }

    /// <summary>What the user said.</summary>
    internal MigrationRequest Request { get; }

    /// <summary>Environment variables and <c>.env</c>.</summary>
    internal Variables Variables { get; }

    /// <summary>The environment's name.</summary>
    internal ConfigurationValue Environment { get; }

    /// <summary>The JSON files that were read, the strongest last.</summary>
    internal IReadOnlyList<string> Files { get; }

    /// <summary>What the JSON files say; for the database that was chosen, if one was.</summary>
    internal LayeredConfiguration Settings { get; }

    /// <summary>The databases that have a name in the files.</summary>
    internal IReadOnlyList<ConfigurationValue> DatabaseNames { get; }

    /// <summary>The one of them that -Database names; null when it names none.</summary>
    internal NamedDatabase? Chosen { get; }

    /// <summary>Whether the environment is protected; null when no source says it.</summary>
    internal ConfigurationValue? Protection { get; }

    /// <summary>What sqlx.toml says; null when there is none.</summary>
    internal SqlxToml? Sqlx { get; }

    /// <summary>The folders of migrations, absolute.</summary>
    internal IReadOnlyList<ConfigurationValue> MigrationFolders { get; }

    /// <summary>The variable that holds the URL of the application.</summary>
    internal string DatabaseUrlVariable => Sqlx?.DatabaseUrlVariable?.Value ?? "DATABASE_URL";

    /// <summary>What applies to migration files.</summary>
    internal ProjectSettings Project => new()
    {
        Environment = Environment.Value,
        MigrationFolders = [.. MigrationFolders.Select(folder => folder.Value)],
        IgnoredCharacters = Sqlx is null ? [] : [.. Sqlx.IgnoredCharacters.Select(character => character.Value)],
        HistoryTable = Sqlx?.TableName?.Value ?? DefaultHistoryTable,
        CreateSchemas = Sqlx is null ? [] : [.. Sqlx.CreateSchemas.Select(schema => schema.Value)],
        TemplateFolder = Settings.FindFolders(KnownSettings.Templates) is [var templates, ..] ? templates.Value : null,
        Protected = Protection is not null && bool.Parse(Protection.Value),
        BackupFolder = Folder(KnownSettings.Backups).Value,
        SeedFolder = Folder(KnownSettings.Seeds).Value,
        CheckFolder = Folder(KnownSettings.Checks).Value,
        ProgramFolder = Settings.FindFolders(KnownSettings.PgBinPath) is [var programs, ..] ? programs.Value : null,
        DefaultMigrationType = Sqlx?.DefaultType?.Value,
        DefaultMigrationVersioning = Sqlx?.DefaultVersioning?.Value,
    };

    internal const string DefaultHistoryTable = "_sqlx_migrations";

    /// <summary>Reads everything.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line.</exception>
    internal static LoadedConfiguration Load(
        MigrationRequest request, IReadOnlyDictionary<string, string> environment, KnownSettings known) =>
        new(request, environment, known);

    /// <summary>A folder that has the setting's own name in the working folder when no source says another.</summary>
    internal ConfigurationValue Folder(string name) => Settings.FindFolders(name) is [var said, ..]
        ? said
        : new ConfigurationValue(Path.Combine(Request.Database.WorkingFolder, name), "default");

    IReadOnlyList<ConfigurationValue> FindMigrationFolders()
    {
        if (Request.Paths is not [])
        {
            return [.. Request.Paths.Select(path => new ConfigurationValue(path, "-Path"))];
        }

        if (Settings.FindFolders(KnownSettings.Migrations) is { Count: > 0 } configured)
        {
            return configured;
        }

        return [Sqlx?.MigrationsFolder ?? new ConfigurationValue(Path.Combine(Request.Database.WorkingFolder, "migrations"), "default")];
    }
}
