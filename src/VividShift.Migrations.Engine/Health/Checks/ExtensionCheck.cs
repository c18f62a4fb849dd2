using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Extensions whose files on the server are newer than what is in the database.</summary>
sealed class ExtensionCheck : IHealthCheck
{
    const string ListSql = """
        SELECT quote_ident(e.extname)::text AS name, e.extversion AS version, v.default_version AS available
        FROM pg_extension e
             JOIN pg_available_extensions v ON v.name = e.extname AND v.default_version <> e.extversion
             CROSS JOIN LATERAL pg_extension_update_paths(e.extname) p
        WHERE p.source = e.extversion AND p.target = v.default_version AND p.path IS NOT NULL
        ORDER BY 1
        """;

    public string Title => "extensions that can be updated";

    public HealthGroup Group => HealthGroup.Server;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        foreach (var (name, version, available) in await context.QueryAsync(
            ListSql, r => (r.GetString("name"), r.GetString("version"), r.GetString("available")), cancellationToken))
        {
            findings.Add(new("OutdatedExtension", FindingSeverity.Information, $"The extension {name} can be updated.")
            {
                DatabaseObject = $"extension {name}",
                Evidence = $"Version {version} is in the database, {available} on the server.",
                FixSql = $"ALTER EXTENSION {name} UPDATE;",
                RecommendedAction = "Read its release notes; put it into a migration, so that every database gets it.",
            });
        }
    }
}
