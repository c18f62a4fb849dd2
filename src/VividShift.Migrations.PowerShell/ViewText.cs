using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.PowerShell;

/// <summary>What the views print where an expression would be too long. Colour is added by the views alone.</summary>
public static class ViewText
{
    /// <summary>A state with a symbol that keeps its meaning without colour: <c>= Applied</c>.</summary>
    public static string State(MigrationState state) => state switch
    {
        MigrationState.Applied => "= ",
        MigrationState.Pending => "+ ",
        MigrationState.OutOfOrder => "~ ",
        MigrationState.Missing => "? ",
        _ => "! ",
    } + state;

    /// <summary>An outcome with its symbol: <c>+ Applied</c>.</summary>
    public static string Outcome(MigrationOutcome outcome) => outcome switch
    {
        MigrationOutcome.Applied => "+ ",
        MigrationOutcome.Reverted => "- ",
        _ => "! ",
    } + outcome;

    /// <summary>What became of a seed, with its symbol: <c>+ Seeded</c>.</summary>
    public static string Outcome(SeedOutcome outcome) => (outcome == SeedOutcome.Seeded ? "+ " : "= ") + outcome;

    /// <summary>What became of a seed's rows: <c>3 new, 1 changed, 9 same</c>; empty when it is not known.</summary>
    public static string Rows(SeedResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Inserted is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"{result.Inserted} new, {result.Updated} changed, {result.Unchanged} same");
    }

    /// <summary>A severity with its symbol: <c>! Error</c>.</summary>
    public static string Severity(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "! ",
        FindingSeverity.Warning => "~ ",
        _ => "  ",
    } + severity;

    /// <summary>What a step does, with its symbol: <c>+ Apply</c>.</summary>
    public static string Step(MigrationDirection direction) => direction == MigrationDirection.Up ? "+ Apply" : "- Revert";

    /// <summary>A moment in the time zone of this machine, to the second; empty for null.</summary>
    public static string Moment(DateTimeOffset? moment) =>
        moment?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>Where a finding is, as short as it stays clear: <c>0001_users.sql:12:5</c>; without a file the
    /// object of the database, else the version.</summary>
    public static string Place(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding switch
        {
            { Path: null, DatabaseObject: { } thing } => BuildAgentText.Escape(thing),
            { Path: null, Version: { } version } => version.ToString(CultureInfo.InvariantCulture),
            { Path: null } => string.Empty,
            { Line: null } => BuildAgentText.Escape(Path.GetFileName(finding.Path)),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{BuildAgentText.Escape(Path.GetFileName(finding.Path))}:{finding.Line}:{finding.Column ?? 1}"),
        };
    }

    /// <summary>Text from a file or a database, harmless to a build agent; empty for null.</summary>
    public static string Safe(string? text) => text is null ? string.Empty : BuildAgentText.Escape(text);
}
