using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>How the server itself is set.</summary>
sealed class SettingCheck : IHealthCheck
{
    public string Title => "settings that endanger data";

    public HealthGroup Group => HealthGroup.Server;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var settings = await EffectiveSetting.ListAsync(context, cancellationToken);
        foreach (var danger in UnsafeSetting.All)
        {
            foreach (var setting in settings.Where(s => s.Name == danger.Name && danger.IsBad(s.Value)))
            {
                findings.Add(Describe(danger, setting));
            }
        }

        if (settings.Any(s => s.Name == "data_checksums" && s.Value == "off"))
        {
            findings.Add(new("ChecksumsDisabled", FindingSeverity.Information, "Pages have no checksums: damage by a disk is not noticed until it hurts.")
            {
                DatabaseObject = "setting data_checksums",
                Evidence = "data_checksums = off",
                RecommendedAction = "Stop the server and run pg_checksums --enable on its data folder, or make the next cluster with initdb --data-checksums.",
            });
        }
    }

    static Finding Describe(UnsafeSetting danger, EffectiveSetting setting)
    {
        const string Superuser = "Only a superuser may do it; a hosted server has a page for it.";
        var where = $"{setting.Name} = {setting.Value}, from {setting.Place ?? setting.Source}.";
        if (!setting.IsFromFiles)
        {
            return danger.Found(
                where, setting.Value, null, $"It is on the server's {setting.Source}, which goes before every file: take it away there and restart the server.");
        }

        if (setting.FilesOnly)
        {
            return danger.Found(
                where, setting.Value, null,
                $"allow_alter_system is off: write {setting.Name} = {danger.Good} where the server's files are made, then {(setting.NeedsRestart ? "restart the server" : "reload")}.");
        }

        // What ALTER SYSTEM has set is taken back, as long as no other file would then set it just as badly.
        var change = setting.IsFromAlterSystem && !setting.Others.Any(danger.IsBad)
            ? $"ALTER SYSTEM RESET {setting.Name};"
            : $"ALTER SYSTEM SET {setting.Name} = '{danger.Good}';";
        return setting.NeedsRestart
            ? danger.Found(where, setting.Value, change, $"It counts from the next restart of the server on. {Superuser}")
            : danger.Found(where, setting.Value, $"{change}\nSELECT pg_catalog.pg_reload_conf();", Superuser);
    }
}
