using System.Collections;
using System.Management.Automation;
using VividShift.Migrations.Authoring;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Databases;
using VividShift.Migrations.PowerShell.Completers;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Creates the files of a new migration.</summary>
/// <remarks>
/// <para>
/// Writes an up script and a down script from a template, with a version that is newer than every file in the folder: a UTC time stamp, or
/// the next number where the folder counts. The files are named as the folder names them, VERSION_name.up.sql with
/// VERSION_name.down.sql, or VERSION_name.sql with VERSION_name.down.sql. They are UTF-8 without a byte order mark and have LF line
/// endings, since every byte counts for the checksum. Nothing is ever overwritten, and no database is needed.
/// </para>
/// <para>
/// Templates: empty, table, column, index, not-null, column-type and column-type-contract, rename-table and rename-table-contract,
/// foreign-key, enum-value, data. Each takes properties, such as the table's name, and has a default for every one; names are quoted
/// where PostgreSQL needs it. With -Verbose the values are told.
/// </para>
/// <para>
/// A template of one's own is a pair of files NAME.up.sql and NAME.down.sql, in the folder that the setting "templates" names or that
/// -TemplatePath does. In it {{table}} stands for a property, {{table=orders}} gives it a default, and a kind says what it becomes:
/// {{column}} a name, {{columns:names}} a list of names, {{table:schema}} a name's schema with its dot, {{table:base}} the name without
/// it, {{note:text}} a string literal, {{type:sql}} SQL as it is. {{migration:text}} and {{version:sql}} are known by themselves. The
/// first comment describes the template.
/// </para>
/// </remarks>
/// <example>
/// <para>Create an empty migration</para>
/// <code>New-VsMigration 'add phone to participants'</code>
/// <para>Writes two files such as 20250926152953_add_phone_to_participants.up.sql and .down.sql to the folder "migrations".</para>
/// </example>
/// <example>
/// <para>Create a table from a template</para>
/// <code>New-VsMigration create_rooms -Template table -Property @{ table = 'rooms'; comment = 'Where people meet' } -Verbose</code>
/// <para>The table has a key, indexes, a trigger that keeps updated_at, and comments; the down script drops it.</para>
/// </example>
/// <example>
/// <para>Change the type of a column without downtime</para>
/// <code>$change = @{ table = 'participants'; column = 'phone'; type = 'BIGINT' }
/// New-VsMigration 'phone as number expand' -Template column-type -Property $change
/// New-VsMigration 'phone as number fill' -Template data -Property @{
///     table = 'participants'; column = 'phone_new'; value = 't.phone::bigint'; condition = 't.phone IS NOT NULL AND t.phone_new IS NULL' }
/// New-VsMigration 'phone as number contract' -Template column-type-contract -Property ($change + @{ old_type = 'VARCHAR(30)' })</code>
/// <para>Three migrations: one adds the new column, one fills it batch by batch, one lets it take the old column's place.</para>
/// </example>
/// <example>
/// <para>See what would be created</para>
/// <code>'add rooms', 'add bookings' | New-VsMigration -Template table -Sequential -WhatIf</code>
/// <para>Names come down the pipeline as well. -WhatIf writes nothing, not even the folder.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "VsMigration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class NewVsMigrationCommand : VsCmdlet
{
    ProjectSettings? _settings;
    string? _folder;
    MigrationTemplate? _template;
    long? _last;

    /// <summary>What the migration does, in a few words. Spaces become underscores in the file name and are read back as spaces.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string Name { get; set; } = string.Empty;

    /// <summary>What the files start from; Tab shows what there is. Default: empty.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string Template { get; set; } = "empty";

    /// <summary>
    /// Values for the template, by the property's name. A list becomes its items with commas between. A property that is not given has
    /// the template's default.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Property { get; set; } = [];

    /// <summary>Folders of templates to look in first, before the configured one and the ones that ship.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] TemplatePath { get; set; } = [];

    /// <summary>The version, in place of the next one. It may be older than other files, but no file may have it.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long Version { get; set; }

    /// <summary>Write one file that cannot be undone, VERSION_name.sql. -Simple:$false overrides sqlx.toml.</summary>
    [Parameter]
    public SwitchParameter Simple { get; set; }

    /// <summary>
    /// Number the migration: one more than the highest. -Sequential:$false makes a time stamp. Default: what sqlx.toml says, else
    /// numbers where the last two versions differ by one, else time stamps.
    /// </summary>
    [Parameter]
    public SwitchParameter Sequential { get; set; }

    /// <summary>The folder to write to; it is made if it is missing. Default: the first one configured, else "migrations".</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateCount(1, 1)]
    public string[]? Path { get; set; }

    /// <summary>
    /// The environment, such as staging: vividshift.staging.json then overrides vividshift.json. Default: the variable
    /// VIVIDSHIFT_ENVIRONMENT, then ENVIRONMENT, then dev.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public string? Environment { get; set; }

    /// <summary>The base configuration file. Default: vividshift.json in the current location, which may be missing.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfigurationPath { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ThrowIfMutuallyExclusive(nameof(Version), nameof(Sequential));

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        _settings ??= ReadSettings();
        _folder ??= Path is null ? _settings.MigrationFolders[0] : SessionPaths.ResolveUnresolvedPath(SessionState.Path, Path[0]);
        _template ??= LoadTemplate(_settings);
        var draft = NewMigration.Of(Request(_settings, _folder, _template), DateTimeOffset.UtcNow);
        _last = draft.Version.Value;
        if (ShouldProcess(draft.Folder, $"Create {string.Join(" and ", draft.Files)}"))
        {
            WriteObject(MigrationFileWriter.Write(draft).Select(path => new FileInfo(path)), enumerateCollection: true);
        }
    }

    ProjectSettings ReadSettings()
    {
        var request = new DatabaseRequest
        {
            WorkingFolder = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
            Environment = Environment,
            ConfigurationPath = ConfigurationPath is null ? null : SessionPaths.ResolveUnresolvedPath(SessionState.Path, ConfigurationPath),
        };
        return Open(new() { Database = request }).Project;
    }

    MigrationTemplate LoadTemplate(ProjectSettings settings)
    {
        var own = TemplatePath.Select(path => SessionPaths.Literal(SessionState.Path, path));
        var template = ShippedTemplates.With([.. own, .. new[] { settings.TemplateFolder }.OfType<string>()]).Load(Template);
        var given = Property.Keys.Cast<object>().Select(key => key.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        WriteVerbose($"The template is '{template.Path}'.");
        foreach (var property in template.Properties.Where(property => !given.Contains(property.Name)))
        {
            WriteVerbose($"The property '{property.Name}' has its default: {property.Default}");
        }

        return template;
    }

    NewMigrationRequest Request(ProjectSettings settings, string folder, MigrationTemplate template) => new()
    {
        Name = Name,
        Folder = folder,
        Template = template,
        Properties = TemplateProperties.Of(Property),
        Version = IsBound(nameof(Version)) ? Version : null,
        After = _last,
        Simple = IsBound(nameof(Simple)) ? Simple : null,
        Sequential = IsBound(nameof(Sequential)) ? Sequential : null,
        DefaultType = settings.DefaultMigrationType,
        DefaultVersioning = settings.DefaultMigrationVersioning,
    };
}
