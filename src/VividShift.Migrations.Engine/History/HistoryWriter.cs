using Npgsql;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.History;

/// <summary>The commands that keep history, with the values sqlx would write (sqlx-postgres/src/migrate.rs).</summary>
sealed class HistoryWriter(string table)
{
    /// <summary>An applied migration; its duration is not known yet. <c>installed_on</c> is the column's default: the transaction's start.</summary>
    public NpgsqlBatchCommand Insert(PlanStep step, bool success) => new(HistorySql.Insert(table))
    {
        Parameters =
        {
            new() { Value = step.Version },
            new() { Value = step.Description },
            new() { Value = success },
            new() { Value = step.Checksum.ToArray() },
        },
    };

    /// <summary>How long an applied migration took.</summary>
    public NpgsqlBatchCommand SetDuration(long version, TimeSpan duration) => new(HistorySql.SetDuration(table))
    {
        Parameters = { new() { Value = version }, new() { Value = Nanoseconds(duration) } },
    };

    /// <summary>A run outside a transaction begins, again or backwards: until it ends, sqlx-cli stops at this row.</summary>
    public NpgsqlBatchCommand MarkUnfinished(PlanStep step) => new(HistorySql.MarkUnfinished(table))
    {
        Parameters = { new() { Value = step.Version }, new() { Value = step.Checksum.ToArray() }, new() { Value = step.Description } },
    };

    /// <summary>A version that stopped half-way earlier was applied in one transaction.</summary>
    public NpgsqlBatchCommand MarkRetried(PlanStep step) => new(HistorySql.MarkRetried(table))
    {
        Parameters = { new() { Value = step.Version }, new() { Value = step.Checksum.ToArray() }, new() { Value = step.Description } },
    };

    /// <summary>A run outside a transaction ended well.</summary>
    public NpgsqlBatchCommand MarkFinished(long version, TimeSpan duration) => new(HistorySql.MarkFinished(table))
    {
        Parameters = { new() { Value = version }, new() { Value = Nanoseconds(duration) } },
    };

    /// <summary>A reverted migration leaves no row.</summary>
    public NpgsqlBatchCommand Delete(long version) => new(HistorySql.Delete(table)) { Parameters = { new() { Value = version } } };

    static long Nanoseconds(TimeSpan duration) => duration.Ticks * 100;
}
