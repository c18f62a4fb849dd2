using System.Globalization;
using Npgsql;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>Tells what is configured and why. The connection is chosen by the code that connects, so the two cannot disagree.</summary>
static class ConfigurationReader
{
    const string Mask = "********";
    const string Default = "default";

    /// <summary>Every setting that applies, with its source; secrets masked.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the connection cannot be used.</exception>
    internal static IReadOnlyList<ConfigurationSetting> Describe(LoadedConfiguration configuration)
    {
        var request = configuration.Request;
        return
        [
            Setting("environment", configuration.Environment),
            .. configuration.DatabaseNames.Select(name => DescribeDatabase(name, configuration.Chosen)),
            .. DescribeConnection(configuration),
            .. DescribePasswordCommand(configuration),
            .. DescribeRole(configuration),
            DescribeSeconds(KnownSettings.LockTimeout, request.Database.LockTimeout, "-LockTimeoutSec", configuration, "60"),
            DescribeSeconds(KnownSettings.CommandTimeout, request.Database.CommandTimeout, "-CommandTimeoutSec", configuration, "0"),
            DescribeSeconds(KnownSettings.ConnectRetry, null, "", configuration, "0"),
            // As JSON writes it: the reader of JSON gives True.
            new(KnownSettings.Protected, configuration.Project.Protected ? "true" : "false", configuration.Protection?.Source ?? Default),
            .. configuration.MigrationFolders.Select(folder => Setting(KnownSettings.Migrations, folder)),
            .. configuration.Settings.FindFolders(KnownSettings.Templates).Select(folder => Setting(KnownSettings.Templates, folder)),
            Setting(KnownSettings.Backups, configuration.Folder(KnownSettings.Backups)),
            Setting(KnownSettings.Seeds, configuration.Folder(KnownSettings.Seeds)),
            Setting(KnownSettings.Checks, configuration.Folder(KnownSettings.Checks)),
            .. configuration.Settings.FindFolders(KnownSettings.PgBinPath).Select(folder => Setting(KnownSettings.PgBinPath, folder)),
            .. DescribeHooks(configuration),
            .. DescribeSqlx(configuration),
        ];
    }

    static IEnumerable<ConfigurationSetting> DescribeConnection(LoadedConfiguration configuration)
    {
        var request = configuration.Request.Database;
        if (request.Sandbox)
        {
            return [new ConfigurationSetting(ConnectionParameters.Host.Setting!.Name, $"the private server of {request.WorkingFolder}", "-Sandbox")];
        }

        if (ConnectionSources.Find(configuration) is not { } choice)
        {
            return [new ConfigurationSetting(KnownSettings.ConnectionString, "", "not configured")];
        }

        return
        [
            new ConfigurationSetting(KnownSettings.ConnectionString, Masked(choice.Settings), choice.Source),
            .. from parameter in ConnectionParameters.All
               let shown = parameter.IsSecret ? Mask : parameter.Read(choice.Settings)
               where parameter.Setting is not null && (choice.Says(parameter) || parameter.HasOwnDefault)
               select new ConfigurationSetting(parameter.Setting!.Name, shown, choice.SourceOf(parameter)),
        ];
    }

    static ConfigurationSetting DescribeDatabase(ConfigurationValue name, NamedDatabase? chosen) => new(
        $"{KnownSettings.Databases}:{name.Value}",
        chosen is not null && string.Equals(name.Value, chosen.Name.Value, StringComparison.OrdinalIgnoreCase) ? "chosen" : $"-Database {name.Value}",
        name.Source);

    /// <summary>The program alone: its arguments may hold a secret.</summary>
    static IEnumerable<ConfigurationSetting> DescribePasswordCommand(LoadedConfiguration configuration) =>
        PasswordCommand.Find(configuration) is { } command ? [new(KnownSettings.PasswordCommand, command.Program, command.Source)] : [];

    static IEnumerable<ConfigurationSetting> DescribeRole(LoadedConfiguration configuration) =>
        ConnectionSources.Role(configuration) is { } role ? [Setting(KnownSettings.Role, role)] : [];

    static string Masked(NpgsqlConnectionStringBuilder settings)
    {
        var masked = new NpgsqlConnectionStringBuilder();
        var keywords = ConnectionParameters.All.Select(parameter => parameter.Keyword).OfType<string>().Concat(settings.Keys.Cast<string>());
        foreach (var keyword in keywords.Where(settings.ShouldSerialize))
        {
            masked[keyword] = ConnectionParameters.OfNpgsql(keyword) is { IsSecret: true } ? Mask : settings[keyword];
        }

        return masked.ConnectionString;
    }

    static ConfigurationSetting DescribeSeconds(
        string name, TimeSpan? said, string parameter, LoadedConfiguration configuration, string otherwise)
    {
        if (said is { } given)
        {
            return new ConfigurationSetting(name, given.TotalSeconds.ToString(CultureInfo.InvariantCulture), parameter);
        }

        return Setting(name, configuration.Settings.Find(name) ?? new ConfigurationValue(otherwise, Default));
    }

    /// <summary>What each does, and no more: headers and bodies hold secrets as a rule.</summary>
    static IEnumerable<ConfigurationSetting> DescribeHooks(LoadedConfiguration configuration) =>
        from moment in Enum.GetValues<HookEvent>()
        let list = HookSettings.ListOf(moment)
        from hook in configuration.Settings.FindList(list).Select((hook, index) => (hook.Settings, hook.Source, Index: index))
        select new ConfigurationSetting(FormattableString.Invariant($"{list}:{hook.Index}"), HookSettings.Shown(hook.Settings), hook.Source);

    static IEnumerable<ConfigurationSetting> DescribeSqlx(LoadedConfiguration configuration)
    {
        var sqlx = configuration.Sqlx;
        yield return Setting("migrate:table-name", sqlx?.TableName ?? new ConfigurationValue(LoadedConfiguration.DefaultHistoryTable, Default));
        foreach (var schema in sqlx?.CreateSchemas ?? [])
        {
            yield return Setting("migrate:create-schemas", schema);
        }

        foreach (var character in sqlx?.IgnoredCharacters ?? [])
        {
            yield return new ConfigurationSetting("migrate:ignored-chars", CodePoint(character.Value), character.Source);
        }

        if (sqlx?.DefaultType is { } type)
        {
            yield return Setting("migrate:defaults:migration-type", type);
        }

        if (sqlx?.DefaultVersioning is { } versioning)
        {
            yield return Setting("migrate:defaults:migration-versioning", versioning);
        }

        if (sqlx?.DatabaseUrlVariable is { } variable)
        {
            yield return Setting("common:database-url-var", variable);
        }
    }

    /// <summary>Most of the characters that people leave out are invisible.</summary>
    static string CodePoint(string character) => FormattableString.Invariant($"U+{char.ConvertToUtf32(character, 0):X4}");

    static ConfigurationSetting Setting(string name, ConfigurationValue value) => new(name, value.Value, value.Source);
}
