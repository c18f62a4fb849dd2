using System.Data;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;

namespace VividShift.Migrations.Engine.Activity;

/// <summary>The lock that a session waits for and whom it waits for.</summary>
/// <param name="Lock">In words: <c>AccessExclusiveLock on public.orders</c>.</param>
/// <param name="Blockers">Process ids, each once; 0 is a prepared transaction.</param>
sealed record LockWait(string Lock, IReadOnlyList<int> Blockers)
{
    /// <summary>The answer to <see cref="ActivitySql.Waits"/>, by process id.</summary>
    public static async Task<Dictionary<int, LockWait>> ReadAsync(NpgsqlDataReader reader, string database, CancellationToken cancellationToken)
    {
        var waits = new Dictionary<int, LockWait>();
        while (await reader.ReadAsync(cancellationToken))
        {
            waits[reader.GetInt32("pid")] = new(
                $"{reader.GetString("mode")} on {ObjectOf(reader, database)}", [.. reader.GetFieldValue<int[]>("blockers").Distinct().Order()]);
        }

        return waits;
    }

    static string ObjectOf(NpgsqlDataReader row, string database)
    {
        var type = row.GetString("locktype");
        if (type == "advisory")
        {
            var (high, low) = (row.GetInt64("high"), row.GetInt64("low"));
            var key = (high << 32) | low;
            return !row.GetBoolean("one_key") ? FormattableString.Invariant($"advisory lock {high}, {low}")
                : key == RunLock.KeyOf(database) ? "the migration lock"
                : FormattableString.Invariant($"advisory lock {key}");
        }

        if (row.GetStringOrNull("relation") is { } relation)
        {
            return type == "relation" ? relation : $"a row of {relation}";
        }

        return row.GetStringOrNull("transaction") is { } transaction
            ? $"{(type == "transactionid" ? "transaction" : type)} {transaction}"
            : type;
    }
}
