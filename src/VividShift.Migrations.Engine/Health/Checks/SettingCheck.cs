using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>How the server itself is set.</summary>
sealed class SettingCheck : IHealthCheck
{
    const string CommandLine = "command line";

    // Settings of this session alone endanger nobody; those of roles and databases are another check's.
    const string ListSql = """
        SELECT s.name, s.setting, s.source, coalesce(s.sourcefile || ':' || s.sourceline, '')
        FROM pg_settings s
        WHERE s.source NOT IN ('client', 'session', 'interactive', 'test', 'database', 'user', 'database user', 'global')
        """;

    public string Title => "settings that endanger data";

    public HealthGroup Group => HealthGroup.Server;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var settings = await context.QueryAsync(
            ListSql, r => (Name: r.GetString(0), Value: r.GetString(1), Source: r.GetString(2), File: r.GetString(3)), cancellationToken);
        foreach (var danger in DangerousSetting.All)
        {
            foreach (var setting in settings.Where(s => s.Name == danger.Name && danger.IsBad(s.Value)))
            {
                var found = danger.Found(
                    $"{setting.Name} = {setting.Value}, from {(setting.File.Length > 0 ? setting.File : setting.Source)}.",
                    setting.Value,
                    $"ALTER SYSTEM SET {setting.Name} = '{danger.Good}';\nSELECT pg_catalog.pg_reload_conf();",
                    "Only a superuser may do it; a hosted server has a page for it.");
                findings.Add(setting.Source == CommandLine
                    ? found with { MendingSql = null, Advice = $"It is on the server's command line, which goes before everything: take it away and restart the server." }
                    : found);
            }
        }

        if (settings.Any(s => s.Name == "data_checksums" && s.Value == "off"))
        {
            findings.Add(new("ChecksumsDisabled", FindingSeverity.Information, "Pages have no checksums: damage by a disk is not noticed until it hurts.")
            {
                DatabaseObject = "setting data_checksums",
                Evidence = "data_checksums = off",
                Advice = "Stop the server and run pg_checksums --enable on its data folder, or make the next cluster with initdb --data-checksums.",
            });
        }
    }
}
