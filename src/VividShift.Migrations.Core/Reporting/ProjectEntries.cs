using VividShift.Migrations.Catalog;
using VividShift.Migrations.Configuration;

namespace VividShift.Migrations.Reporting;

/// <summary>What a project's settings and new files say in a report.</summary>
static class ProjectEntries
{
    const string Default = "default";

    /// <summary>A setting, with its value and where it came from; secrets are masked where settings are read.</summary>
    public static ReportEntry Of(ConfigurationSetting setting) => new(
        "Settings", "Setting", ReportLevel.Note, setting.Name, $"{setting.Value} (from {setting.Source})")
    {
        State = setting.Source == Default ? "Default" : "Set",
    };

    /// <summary>A migration's file, as New-VsMigration emits it; null for any other file, of which nobody found or did anything.</summary>
    public static ReportEntry? Of(FileInfo file) => MigrationFileName.Read(file.Name).Name is not { } name
        ? null
        : new("Files", "MigrationFile", ReportLevel.Fine, ReportEntries.Name(name.Version, name.Description), Contents(file))
        {
            State = name.Kind switch
            {
                MigrationKind.Up => "Up",
                MigrationKind.Down => "Down",
                _ => "Simple",
            },
            Path = file.FullName,
        };

    static string Contents(FileInfo file) => file.Exists
        ? $"{HumanReadable.Bytes(file.Length)}."
        : "The file is not there.";
}
