using Npgsql;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>The tables that each <see cref="TablePattern"/> means, found in the catalogue, so that a misspelt one is an error before anything is dumped.</summary>
static class DumpedTables
{
    const string Sql =
        """
        SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname::text, c.relname::text,
               ARRAY(SELECT quote_ident(an.nspname) || '.' || quote_ident(ac.relname)
                     FROM pg_partition_ancestors(c.oid) a JOIN pg_catalog.pg_class ac ON ac.oid = a.relid
                          JOIN pg_catalog.pg_namespace an ON an.oid = ac.relnamespace)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        ORDER BY 1
        """;

    /// <summary>Qualified and quoted names; with a partitioned table come its partitions.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: a name means no table.</exception>
    public static async Task<IReadOnlyList<string>> ResolveAsync(Session session, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var all = new List<(string Name, string Schema, string Table, string[] Ancestors)>();
        await using (var command = new NpgsqlCommand(Sql, session.Connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                all.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<string[]>(3)));
            }
        }

        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in wanted)
        {
            var meant = all.Where(table => TablePattern.Matches(name, table.Schema, table.Table)).ToList();
            if (meant.Count == 0)
            {
                throw new MigrationException(
                    MigrationErrorCode.ConfigurationInvalid,
                    $"-Table '{name}' is no table of {session.Target}.",
                    "Write table, schema.table, or a wildcard such as audit.*; the case counts.")
                {
                    Target = name,
                };
            }

            chosen.UnionWith(meant.Select(table => table.Name));
        }

        return [.. all.Where(table => table.Ancestors.Append(table.Name).Any(chosen.Contains)).Select(table => table.Name)];
    }
}
