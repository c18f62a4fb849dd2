using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>What a file beside a CSV file says of it: <c>{ "table": "app.users", "key": ["email"] }</c>.</summary>
sealed record SeedSidecar(string? Table, IReadOnlyList<string>? Key)
{
    /// <summary>The file; null when there is none.</summary>
    /// <exception cref="MigrationException">SeedFailed.</exception>
    internal static async Task<SeedSidecar?> FindAsync(SeedFile file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file.SidecarPath))
        {
            return null;
        }

        var json = await JsonText.ReadAsync(file with { Path = file.SidecarPath }, cancellationToken);
        var head = new SeedHead(json);
        head.ReadObject(rows: null);
        return new SeedSidecar(head.Table, head.Key);
    }
}
