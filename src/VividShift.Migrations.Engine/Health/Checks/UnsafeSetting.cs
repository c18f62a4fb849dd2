using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>A setting that endangers data, and why.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Bad">The value that is dangerous.</param>
/// <param name="Good">The value to set instead.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Why">What it can do.</param>
sealed record UnsafeSetting(string Name, string Bad, string Good, FindingSeverity Severity, string Why)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<UnsafeSetting> All =
    [
        new("fsync", "off", "on", FindingSeverity.Error, "a crash of the machine destroys the database"),
        new("full_page_writes", "off", "on", FindingSeverity.Error, "a crash of the machine can leave torn pages that nothing repairs"),
        new("zero_damaged_pages", "on", "off", FindingSeverity.Error, "damaged pages are silently replaced by empty ones"),
        new("ignore_checksum_failure", "on", "off", FindingSeverity.Error, "damaged pages are read as if they were sound"),
        new("ignore_invalid_pages", "on", "off", FindingSeverity.Error, "recovery goes on over pages that it cannot repair"),
        new("ignore_system_indexes", "on", "off", FindingSeverity.Warning, "the catalogue is read without its indexes, as is done to repair it"),
        new("data_sync_retry", "on", "off", FindingSeverity.Error, "when the disk fails to take data the server goes on as if it had"),
        new("session_replication_role", "replica", "origin", FindingSeverity.Error, "triggers and foreign keys do not fire"),
        new("autovacuum", "off", "on", FindingSeverity.Error, "dead rows pile up, statistics grow old, and transaction ids run out"),
        new("track_counts", "off", "on", FindingSeverity.Warning, "autovacuum does not know where it is needed"),
        new("synchronous_commit", "off", "on", FindingSeverity.Warning, "transactions that were reported as committed are lost in a crash"),
    ];

    /// <summary>True when a value, as somebody wrote it, is the dangerous one.</summary>
    public bool IsBad(string value) => string.Equals(Normal(value), Bad, StringComparison.OrdinalIgnoreCase);

    /// <summary>The finding.</summary>
    public Finding Found(string where, string value, string? fixSql, string advice) =>
        new("UnsafeSetting", Severity, $"{Name} is {value}: {Why}.")
        {
            DatabaseObject = $"setting {Name}",
            Evidence = where,
            FixSql = fixSql,
            RecommendedAction = advice,
        };

    static string Normal(string value) => value.ToUpperInvariant() switch
    {
        "ON" or "TRUE" or "YES" or "1" => "on",
        "OFF" or "FALSE" or "NO" or "0" => "off",
        _ => value,
    };
}

/// <summary>A setting of the server, and where it comes from, which is what decides how it can be changed.</summary>
sealed record EffectiveSetting
{
    const string AlterSystemFile = "postgresql.auto.conf";

    // What this session alone is given endangers nobody, and hides what the server would give it: then the files have to say it.
    static string ListSql(bool all) => $$"""
        SELECT s.name, s.setting, s.source, s.sourcefile, s.sourceline, s.context = 'postmaster' AS restart,
               s.source IN ('client', 'session', 'interactive', 'test', 'database', 'user', 'database user', 'global') AS hidden,
               coalesce(current_setting('allow_alter_system', true), 'on') = 'off' AS files_only,
               {{(all ? FilesSql : NoFilesSql)}}
        FROM pg_settings s
        WHERE s.name = ANY ($1)
        """;

    // The last one counts. Only a superuser may see it.
    const string FilesSql = """
        ARRAY(SELECT f.setting FROM pg_file_settings f WHERE f.name = s.name AND f.sourcefile !~ '[/\\]postgresql\.auto\.conf$' ORDER BY f.seqno DESC LIMIT 1)
            AS others,
        (SELECT f.setting FROM pg_file_settings f WHERE f.name = s.name ORDER BY f.seqno DESC LIMIT 1) AS in_files,
        (SELECT f.sourcefile FROM pg_file_settings f WHERE f.name = s.name ORDER BY f.seqno DESC LIMIT 1) AS last_file,
        (SELECT f.sourceline FROM pg_file_settings f WHERE f.name = s.name ORDER BY f.seqno DESC LIMIT 1) AS last_line
        """;

    const string NoFilesSql = "NULL::text[] AS others, NULL::text AS in_files, NULL::text AS last_file, NULL::int4 AS last_line";

    public required string Name { get; init; }

    public required string Value { get; init; }

    /// <summary>As pg_settings says it: <c>configuration file</c>, <c>command line</c>.</summary>
    public required string Source { get; init; }

    /// <summary>File and line; null when it is in none, or may not be seen.</summary>
    public string? Place { get; init; }

    /// <summary>True when a new value counts from the next start of the server on.</summary>
    public required bool NeedsRestart { get; init; }

    /// <summary>True when the server was told to refuse ALTER SYSTEM.</summary>
    public required bool FilesOnly { get; init; }

    /// <summary>What would count without what ALTER SYSTEM has set; empty when nothing would.</summary>
    public required IReadOnlyList<string> Others { get; init; }

    /// <summary>True when ALTER SYSTEM has set it, and its other values are known.</summary>
    public required bool IsFromAlterSystem { get; init; }

    /// <summary>False for what goes before every file.</summary>
    public bool IsFromFiles => Source is not ("command line" or "environment variable" or "override");

    /// <summary>The settings that can be dangerous.</summary>
    public static async Task<List<EffectiveSetting>> ListAsync(HealthContext context, CancellationToken cancellationToken)
    {
        var all = (await context.QueryAsync(
            "SELECT has_table_privilege('pg_file_settings', 'SELECT') AND has_function_privilege('pg_show_all_file_settings()', 'EXECUTE')",
            r => r.GetBoolean(0), cancellationToken))[0];
        var found = await context.QueryAsync(
            ListSql(all),
            r => (Hidden: r.GetBoolean("hidden"), InFiles: r.GetStringOrNull("in_files"), Setting: Read(r, all)),
            cancellationToken,
            (object)UnsafeSetting.All.Select(d => d.Name).Append("data_checksums").ToArray());
        return [.. found.Where(s => !s.Hidden || s.InFiles is not null).Select(s => s.Setting)];
    }

    static EffectiveSetting Read(Npgsql.NpgsqlDataReader row, bool all)
    {
        // Hidden by what the session was given: what the files say instead.
        var hidden = row.GetBoolean("hidden") && !row.IsDBNull("in_files");
        var (file, line) = hidden
            ? (row.GetStringOrNull("last_file"), row.GetInt32("last_line"))
            : (row.GetStringOrNull("sourcefile"), row.IsDBNull("sourceline") ? 0 : row.GetInt32("sourceline"));
        return new()
        {
            Name = row.GetString("name"),
            Value = row.GetString(hidden ? "in_files" : "setting"),
            Source = hidden ? "configuration file" : row.GetString("source"),
            Place = file is null ? null : FormattableString.Invariant($"{file}:{line}"),
            NeedsRestart = row.GetBoolean("restart"),
            FilesOnly = row.GetBoolean("files_only"),
            Others = row.IsDBNull("others") ? [] : row.GetFieldValue<string[]>("others"),
            IsFromAlterSystem = all && file is not null && Path.GetFileName(file.Replace('\\', '/')) == AlterSystemFile,
        };
    }
}
