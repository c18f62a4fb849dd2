using System.Globalization;

namespace VividShift.Migrations.Engine.Health;

/// <summary>A table as a check reads it: all of it, or a part where all would hurt.</summary>
/// <param name="From">What follows FROM, with the alias.</param>
/// <param name="Note">What evidence has to say of it; empty when all rows are read.</param>
sealed record TableSample(string From, string Note)
{
    /// <summary>Reads a large table in part, unless a full report is asked for.</summary>
    /// <param name="context">Knows what large is.</param>
    /// <param name="table">Qualified and quoted.</param>
    /// <param name="tree">True for a partitioned table, whose rows are in others.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="alias">Its name in the query.</param>
    public static TableSample Of(HealthContext context, string table, bool tree, long bytes, string alias)
    {
        var from = All(table, tree, alias);
        if (context.Full || bytes <= context.Thresholds.SampleAboveBytes)
        {
            return new(from, "");
        }

        var percent = Math.Clamp(100.0 * context.Thresholds.SampleBytes / bytes, 0.001, 100);
        context.Sampled.Add(table);
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{from} TABLESAMPLE SYSTEM ({percent:0.###})"),
            string.Create(CultureInfo.InvariantCulture, $" In a sample of {percent:0.###} % of the table's {HumanReadable.Bytes(bytes)}; -FullReport reads all."));
    }

    /// <summary>What follows FROM when all rows are meant: of a partitioned table those of its partitions, of another its own.</summary>
    public static string All(string table, bool tree, string alias) => $"{(tree ? "" : "ONLY ")}{table} AS {alias}";
}
