using System.Text.RegularExpressions;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>The roles that a dump gives things to. Roles belong to the server and are in no dump, so on another server they may be missing.</summary>
static partial class RequiredRoles
{
    /// <summary>The names in the statements that own, grant and restrict, unquoted.</summary>
    public static IReadOnlySet<string> In(string sql)
    {
        var script = SqlScript.Parse(sql);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var statement in script.Statements)
        {
            var text = script.TextOf(statement);
            if (Pattern(statement.Command)?.Match(text) is { Success: true } match)
            {
                names.UnionWith(match.Groups["role"].Captures.Select(capture => Unquoted(capture.Value)));
            }
        }

        names.ExceptWith(["public", "current_user", "session_user", "current_role"]);
        return names;
    }

    /// <summary>The finding that the server lacks some of them; null when it has all.</summary>
    public static async Task<Finding?> CheckAsync(
        Session session, IReadOnlySet<string> names, DatabaseTarget target, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT n FROM unnest($1::text[]) AS n WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = n) ORDER BY n", session.Connection)
        {
            Parameters = { new() { Value = names.ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> missing = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            missing.Add(reader.GetString(0));
        }

        return missing.Count == 0
            ? null
            : Finding.Refusal(
                MigrationErrorCode.PermissionDenied,
                $"The backup gives ownership or rights to roles that the server of {target} does not have: {string.Join(", ", missing)}.",
                "Create them (CREATE ROLE), or restore with -NoOwner and -NoPrivileges.");
    }

    static Regex? Pattern(string command) => command switch
    {
        "GRANT" or "REVOKE" => Grant(),
        "ALTER DEFAULT PRIVILEGES" => DefaultPrivileges(),
        "CREATE POLICY" => Policy(),
        _ when command.StartsWith("ALTER ", StringComparison.Ordinal) => Owner(),
        _ => null,
    };

    static string Unquoted(string name) => name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name.ToLowerInvariant();

    const string Name = """("([^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)""";

    const string Role = """(?<role>"([^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)""";

    const string Roles = $@"{Role}(\s*,\s*{Role})*";

    const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex($@"\sOWNER\s+TO\s+{Role}\s*$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Owner();

    [GeneratedRegex($@"\s(TO|FROM)\s+{Roles}(\s+WITH\s+GRANT\s+OPTION)?(\s+GRANTED\s+BY\s+{Role})?\s*$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grant();

    [GeneratedRegex(
        $@"\sFOR\s+ROLE\s+{Role}\s(.*\s)?(TO|FROM)\s+{Roles}(\s+WITH\s+GRANT\s+OPTION)?\s*$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DefaultPrivileges();

    [GeneratedRegex(
        $@"^CREATE\s+POLICY\s+{Name}\s+ON\s+({Name}\.)?{Name}(\s+AS\s+\w+)?(\s+FOR\s+\w+)?\s+TO\s+{Roles}", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Policy();
}
