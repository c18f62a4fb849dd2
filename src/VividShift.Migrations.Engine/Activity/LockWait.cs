using Npgsql;
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
            waits[reader.GetInt32(0)] = new(
                $"{reader.GetString(2)} on {await ObjectAsync(reader, database, cancellationToken)}",
                [.. reader.GetFieldValue<int[]>(1).Distinct().Order()]);
        }

        return waits;
    }

    static async Task<string> ObjectAsync(NpgsqlDataReader reader, string database, CancellationToken cancellationToken)
    {
        var type = reader.GetString(3);
        if (type == "advisory")
        {
            var key = (reader.GetInt64(7) << 32) | reader.GetInt64(8);
            return reader.GetBoolean(6) && key == RunLock.KeyOf(database)
                ? "the migration lock"
                : FormattableString.Invariant($"advisory lock {(reader.GetBoolean(6) ? key : reader.GetInt64(7))}{(reader.GetBoolean(6) ? string.Empty : FormattableString.Invariant($", {reader.GetInt64(8)}"))}");
        }

        if (!await reader.IsDBNullAsync(4, cancellationToken))
        {
            return type == "relation" ? reader.GetString(4) : $"a row of {reader.GetString(4)}";
        }

        return await reader.IsDBNullAsync(5, cancellationToken) ? type : $"{(type == "transactionid" ? "transaction" : type)} {reader.GetString(5)}";
    }
}
