using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Dangerous settings that sessions get with their database or their role.</summary>
sealed class RoleSettingCheck : IHealthCheck
{
    const string ListSql = """
        SELECT quote_ident(d.datname)::text AS database, quote_ident(r.rolname)::text AS role, split_part(c.text, '=', 1) AS name,
               substr(c.text, strpos(c.text, '=') + 1) AS value
        FROM pg_db_role_setting s
             LEFT JOIN pg_database d ON d.oid = s.setdatabase
             LEFT JOIN pg_roles r ON r.oid = s.setrole
             CROSS JOIN LATERAL unnest(s.setconfig) AS c (text)
        WHERE s.setdatabase = 0 OR d.datname = current_database()
        ORDER BY 1, 2, 3
        """;

    public string Title => "settings of roles and databases that endanger data";

    public HealthGroup Group => HealthGroup.Server;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        foreach (var (database, role, name, value) in await context.QueryAsync(
            ListSql,
            r => (r.GetStringOrNull("database"), r.GetStringOrNull("role"), r.GetString("name"), r.GetString("value")),
            cancellationToken))
        {
            if (UnsafeSetting.All.FirstOrDefault(d => d.Name == name && d.IsBad(value)) is not { } danger)
            {
                continue;
            }

            var (holder, command) = (database, role) switch
            {
                (not null, null) => ($"the database {database}", $"ALTER DATABASE {database}"),
                (null, null) => ("all roles", "ALTER ROLE ALL"),
                (null, _) => ($"the role {role}", $"ALTER ROLE {role}"),
                _ => ($"the role {role} in the database {database}", $"ALTER ROLE {role} IN DATABASE {database}"),
            };
            findings.Add(danger.Found(
                $"{name} = {value} for {holder}.", value, $"{command} RESET {name};", "Sessions that are open keep it until they end."));
        }
    }
}
