using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Sequences that will soon have no value left, or whose next value is in the table already.</summary>
sealed class SequenceCheck : IHealthCheck
{
    public string Title => "sequences near their end or behind their column";

    public HealthGroup Group => HealthGroup.Table;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken) =>
        await CheckFailure.EachAsync(
            Title, await SequenceUsage.ListAsync(context, cancellationToken), s => s.Name, findings,
            s => ExamineAsync(context, s, findings, cancellationToken), cancellationToken);

    static async Task ExamineAsync(HealthContext context, SequenceUsage sequence, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var (last, called) = (await context.QueryAsync(
            $"SELECT last_value, is_called FROM {sequence.Name}", r => (r.GetInt64(0), r.GetBoolean(1)), cancellationToken))[0];
        if (called && sequence.PercentAt(last) >= context.Thresholds.SequenceWarningPercent)
        {
            findings.Add(NearEnd(sequence, last, context.Thresholds));
        }

        if (sequence is not { Table: not null, Countable: true })
        {
            return;
        }

        if (!sequence.Indexed && !context.Full && sequence.TableBytes > context.Thresholds.SampleAboveBytes)
        {
            context.Sampled.Add(sequence.Table);
            return;
        }

        var furthest = (await context.QueryAsync(
            $"SELECT {(sequence.Ascends ? "max" : "min")}({sequence.Column})::bigint FROM {(sequence.TableIsPartitioned ? "" : "ONLY ")}{sequence.Table}",
            r => r.IsDBNull(0) ? (long?)null : r.GetInt64(0), cancellationToken))[0];
        // Decimal, as the next value may be one beyond a bigint.
        var next = called ? last + (decimal)sequence.Increment : last;
        if (furthest is { } used && (sequence.Ascends ? used >= next : used <= next))
        {
            findings.Add(Behind(sequence, next, used));
        }
    }

    static Finding NearEnd(SequenceUsage sequence, long last, HealthThresholds thresholds)
    {
        var percent = sequence.PercentAt(last);
        List<string> fixes = [];
        if (sequence.ColumnIsNarrow)
        {
            fixes.Add($"ALTER TABLE {sequence.Table} ALTER COLUMN {sequence.Column} TYPE bigint;");
        }

        if (sequence.Ascends ? sequence.Largest < long.MaxValue : sequence.Smallest > long.MinValue)
        {
            fixes.Add($"ALTER SEQUENCE {sequence.Name} AS bigint {(sequence.Ascends ? "NO MAXVALUE" : "NO MINVALUE")};");
        }

        return new(
            "SequenceNearEnd",
            percent >= thresholds.SequenceErrorPercent ? FindingSeverity.Error : FindingSeverity.Warning,
            sequence.Table is null
                ? $"The sequence {sequence.Name} comes to its end."
                : $"The sequence {sequence.Name} comes to the end of what {sequence.Table}.{sequence.Column} ({sequence.ColumnType}) takes: inserts will fail.")
        {
            DatabaseObject = sequence.Name,
            Evidence = string.Create(CultureInfo.InvariantCulture, $"Its last value is {last}, {percent:0.#} % of the way to {sequence.Limit}."),
            FixSql = fixes.Count == 0 ? null : string.Join('\n', fixes),
            RecommendedAction = sequence.ColumnIsNarrow
                ? "It writes the table anew, and nobody reads it meanwhile; on a large one fill a second column and swap. Columns that refer to it have to become bigint as well."
                : fixes.Count > 0 ? "Columns that take its values have to be bigint." : "There is no wider type: let the values begin again with CYCLE, or use another key.",
        };
    }

    static Finding Behind(SequenceUsage sequence, decimal next, long used) =>
        new("SequenceBehindColumn", FindingSeverity.Error, $"{sequence.Table}.{sequence.Column} is ahead of its sequence {sequence.Name}: inserts take values that are there already.")
        {
            DatabaseObject = sequence.Name,
            Evidence = string.Create(CultureInfo.InvariantCulture, $"The next value is {next}; the column has {used}."),
            FixSql = $"SELECT pg_catalog.setval({SqlQuote.Literal(sequence.Name)}, (SELECT {(sequence.Ascends ? "max" : "min")}({sequence.Column}) FROM {(sequence.TableIsPartitioned ? "" : "ONLY ")}{sequence.Table}));",
            RecommendedAction = "Rows were written with values of their own: by a copy, a restore or an application. See that it does not go on.",
        };
}
