using VividShift.Migrations.Diagnostics;

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
