using System.Data;
using System.Text;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>What a database is besides its content, and what no dump of its content brings back.</summary>
sealed class DatabaseDefinition
{
    // What another role has set for itself in a database is for a superuser to set.
    const string OfUs = "s.setrole = to_regrole(quote_ident(current_user)) OR (SELECT u.rolsuper FROM pg_catalog.pg_roles u WHERE u.rolname = current_user)";

    // Columns that came with later versions are asked for by way of JSON, where what is not there is null.
    const string Sql = $"""
        SELECT pg_get_userbyid(d.datdba)::text AS owner, pg_encoding_to_char(d.encoding)::text AS encoding,
               d.datcollate::text AS collation, d.datctype::text AS ctype, j ->> 'datlocprovider' AS provider,
               COALESCE(j ->> 'datlocale', j ->> 'daticulocale') AS locale, j ->> 'daticurules' AS rules,
               CASE WHEN d.dattablespace <> (SELECT o.dattablespace FROM pg_catalog.pg_database o WHERE o.datname = 'template0')
                    THEN t.spcname::text END AS tablespace,
               d.datconnlimit AS connections, d.datistemplate AS template, shobj_description(d.oid, 'pg_database') AS comment,
               pg_tablespace_location(t.oid) AS folder, pg_has_role(d.datdba, 'MEMBER') AS owned,
               (SELECT count(*) FROM pg_catalog.pg_db_role_setting s
                WHERE s.setdatabase = d.oid AND s.setrole <> 0 AND NOT ({OfUs})) AS others
        FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace, to_jsonb(d) AS j
        WHERE d.datname = $1
        """;

    const string GrantsSql = """
        SELECT format('GRANT %s ON DATABASE %s TO %s%s', a.privilege_type, $2,
                      CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                      CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM pg_catalog.pg_database d, aclexplode(d.datacl) AS a
        WHERE d.datname = $1
        """;

    const string SettingsSql = $"""
        SELECT CASE s.setrole WHEN 0 THEN NULL ELSE pg_get_userbyid(s.setrole)::text END AS role, c.setting
        FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS c(setting)
        WHERE d.datname = $1 AND (s.setrole = 0 OR {OfUs})
        """;

    // Their values are lists of names, which as one literal would be one name (pg_dump's variable_is_guc_list_quote).
    static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries", "temp_tablespaces",
        "unix_socket_directories",
    };

    public required string Owner { get; init; }

    public required string Encoding { get; init; }

    public required string Collate { get; init; }

    public required string CharacterType { get; init; }

    /// <summary>b, c or i; null before PostgreSQL 15.</summary>
    public string? LocaleProvider { get; init; }

    public string? Locale { get; init; }

    public string? IcuRules { get; init; }

    /// <summary>Its tablespace; null when it is the one that a new database gets anyway, which needs no right when it is not named.</summary>
    public string? Tablespace { get; init; }

    /// <summary>The folder of the tablespace; empty for the server's own.</summary>
    public required string TablespaceFolder { get; init; }

    public required int ConnectionLimit { get; init; }

    public required bool IsTemplate { get; init; }

    public string? Comment { get; init; }

    /// <summary>True when the role that asked may rename and drop it.</summary>
    public required bool Owned { get; init; }

    /// <summary>How many roles have settings in it that this role may not make again.</summary>
    public required long SettingsOfOthers { get; init; }

    /// <summary>Reads it; null when there is no such database.</summary>
    public static async Task<DatabaseDefinition?> ReadAsync(Session session, string database, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(Sql, From, cancellationToken, database);
        return found.Count > 0 ? found[0] : null;
    }

    static DatabaseDefinition From(NpgsqlDataReader row) => new()
    {
        Owner = row.GetString("owner"),
        Encoding = row.GetString("encoding"),
        Collate = row.GetString("collation"),
        CharacterType = row.GetString("ctype"),
        LocaleProvider = row.GetStringOrNull("provider"),
        Locale = row.GetStringOrNull("locale"),
        IcuRules = row.GetStringOrNull("rules"),
        Tablespace = row.GetStringOrNull("tablespace"),
        ConnectionLimit = row.GetInt32("connections"),
        IsTemplate = row.GetBoolean("template"),
        Comment = row.GetStringOrNull("comment"),
        TablespaceFolder = row.GetStringOrNull("folder") ?? string.Empty,
        Owned = row.GetBoolean("owned"),
        SettingsOfOthers = row.GetInt64("others"),
    };

    /// <summary>The statement that makes an empty database like this one.</summary>
    public string Create(string name)
    {
        var sql = $"CREATE DATABASE {SqlQuote.Identifier(name)} WITH TEMPLATE template0 OWNER {SqlQuote.Identifier(Owner)} ENCODING {SqlQuote.Literal(Encoding)}"
            + $" LC_COLLATE {SqlQuote.Literal(Collate)} LC_CTYPE {SqlQuote.Literal(CharacterType)}{(Tablespace is null ? string.Empty : $" TABLESPACE {SqlQuote.Identifier(Tablespace)}")}";
        return LocaleProvider switch
        {
            "i" => $"{sql} LOCALE_PROVIDER icu ICU_LOCALE {SqlQuote.Literal(Locale!)}{(IcuRules is null ? string.Empty : $" ICU_RULES {SqlQuote.Literal(IcuRules)}")}",
            "b" => $"{sql} LOCALE_PROVIDER builtin BUILTIN_LOCALE {SqlQuote.Literal(Locale!)}",
            "c" => $"{sql} LOCALE_PROVIDER libc",
            _ => sql,
        };
    }

    /// <summary>
    /// The statements that make another database the same as this one in all that would have stood in the way of restoring it: its limits,
    /// settings (a read-only default, a timeout) and grants.
    /// </summary>
    public async Task<IReadOnlyList<string>> FinishAsync(Session session, string database, string finished, CancellationToken cancellationToken)
    {
        var name = SqlQuote.Identifier(finished);
        List<string> statements =
        [
            FormattableString.Invariant($"ALTER DATABASE {name} WITH CONNECTION LIMIT {ConnectionLimit} IS_TEMPLATE {(IsTemplate ? "true" : "false")}"),
            $"COMMENT ON DATABASE {name} IS {(Comment is null ? "NULL" : SqlQuote.Literal(Comment))}",
        ];
        var grants = await session.QueryAsync(GrantsSql, row => row.GetString(0), cancellationToken, database, name);
        if (grants.Count > 0)
        {
            statements.Add($"REVOKE ALL ON DATABASE {name} FROM PUBLIC, {SqlQuote.Identifier(Owner)}");
            statements.AddRange(grants);
        }

        var settings = await session.QueryAsync(
            SettingsSql, row => (Role: row.GetStringOrNull("role"), Setting: row.GetString("setting")), cancellationToken, database);
        statements.AddRange(settings.Select(found => Set(found.Role, name, found.Setting)));
        return statements;
    }

    static string Set(string? role, string database, string setting)
    {
        var (variable, value) = (setting[..setting.IndexOf('=', StringComparison.Ordinal)], setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var whose = role is null ? $"ALTER DATABASE {database}" : $"ALTER ROLE {SqlQuote.Identifier(role)} IN DATABASE {database}";
        var words = Lists.Contains(variable) ? string.Join(", ", IdentifierList.Split(value).Select(SqlQuote.Literal)) : SqlQuote.Literal(value);
        // Settings of extensions have a dot in their name, which quotes would hide.
        return $"{whose} SET {string.Join('.', variable.Split('.').Select(SqlQuote.Identifier))} TO {(words.Length == 0 ? "''" : words)}";
    }
}

/// <summary>A setting that is a list of names, such as <c>"$user", public</c>.</summary>
static class IdentifierList
{
    /// <summary>The names without their quotes.</summary>
    public static IEnumerable<string> Split(string list)
    {
        var name = new StringBuilder();
        var quoted = false;
        var any = false;
        for (var i = 0; i < list.Length; i++)
        {
            switch (list[i])
            {
                case '"' when quoted && i + 1 < list.Length && list[i + 1] == '"':
                    name.Append('"');
                    i++;
                    break;
                case '"':
                    (quoted, any) = (!quoted, true);
                    break;
                case ',' when !quoted:
                    yield return name.ToString();
                    name.Clear();
                    any = false;
                    break;
                case var letter when quoted || !char.IsWhiteSpace(letter):
                    name.Append(letter);
                    any = true;
                    break;
            }
        }

        if (any)
        {
            yield return name.ToString();
        }
    }
}
