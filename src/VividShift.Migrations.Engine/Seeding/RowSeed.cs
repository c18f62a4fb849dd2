using Npgsql;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Rows of one table: COPY into a temporary table, then what differs into the real one.</summary>
sealed class RowSeed(SeedSession session, SeedFile file, Action<string, int> progress)
{
    // Above it, looking for the row that is at fault would take longer than the file did.
    const long MostRowsToSearch = 100_000;

    /// <summary>Runs it in the transaction that is open.</summary>
    /// <exception cref="MigrationException">SeedFailed, naming file and line.</exception>
    internal async Task<SeedCounts> RunAsync(SeedRows rows, CancellationToken cancellationToken)
    {
        var table = await SeedTable.FindAsync(session, file, rows.Table ?? file.Table, cancellationToken);
        if (rows is JsonRows { Columns: [] })
        {
            return new SeedCounts($"{table.Schema}.{table.Name}", 0, 0, 0);
        }

        var columns = table.Choose(file, rows.Columns);
        var key = table.KeyFor(file, rows.Key, columns);
        var sql = new UpsertSql(table, columns, key);
        foreach (var statement in sql.Create)
        {
            await session.ExecuteAsync(statement, cancellationToken);
        }

        var count = await CopyAsync(rows, sql, columns, cancellationToken);
        var isEmpty = !(await session.QueryAsync(sql.HasRows, row => row.GetBoolean(0), cancellationToken))[0];
        await ThrowIfAmbiguousAsync(rows, sql, key, isEmpty, cancellationToken);
        progress("writing", 100);
        // In an empty table there is nothing to compare with: half the work of a first load.
        var write = isEmpty ? new UpsertSql(table, columns, key: null) : sql;
        var (updated, inserted) = await WriteAsync(rows, write, count, cancellationToken);
        if (inserted > 0)
        {
            foreach (var statement in sql.Sequences)
            {
                await session.ExecuteAsync(statement, cancellationToken);
            }
        }

        return new SeedCounts($"{table.Schema}.{table.Name}", inserted, updated, count - inserted - updated);
    }

    async Task<long> CopyAsync(SeedRows rows, UpsertSql sql, IReadOnlyList<SeedColumn> columns, CancellationToken cancellationToken)
    {
        long sent;
        try
        {
            await using var writer = await session.CopyAsync(sql.Copy(rows.CopyOptions), cancellationToken);
            sent = await rows.WriteAsync(writer, columns, progress, cancellationToken);
        }
        catch (PostgresException e) when (IsOfFile(e, cancellationToken))
        {
            throw SeedErrors.Refused(file, SeedErrors.CopyLineOf(e) is { } line ? At(rows.LineOfCopy(line)) : null, e);
        }

        await session.ExecuteAsync(UpsertSql.Count[0], cancellationToken);
        var arrived = (await session.QueryAsync(UpsertSql.Count[1], row => row.GetInt64(0), cancellationToken))[0];
        // Up to PostgreSQL 17 a line of \. ends a CSV wherever it stands, and what follows is dropped without a word.
        return arrived == sent ? arrived : throw SeedErrors.Unusable(
            file,
            rows.LineOf(arrived + 1),
            FormattableString.Invariant($"The server took {arrived} of {sent} rows, up to here."),
            @"Write a value of \. in quotes.");
    }

    async Task ThrowIfAmbiguousAsync(SeedRows rows, UpsertSql sql, IReadOnlyList<string>? key, bool isEmpty, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            if (!isEmpty)
            {
                throw SeedErrors.Unusable(
                    file,
                    "Nothing says by which columns a row is known, and the table has rows already: they might come twice.",
                    "Name a key ('# key: column' in CSV, \"key\": [\"column\"] in JSON), or put the columns of the primary key or of a unique constraint into the file.");
            }

            return;
        }

        var found = await session.QueryAsync(
            sql.Ambiguous, row => (First: row.GetInt64(0), Last: row.GetInt64(1), IsNull: row.GetBoolean(2)), cancellationToken);
        if (found is [var row])
        {
            var names = string.Join(", ", key);
            throw SeedErrors.Unusable(
                file,
                rows.LineOf(row.Last),
                row.IsNull
                    ? $"The row has no value for its key ({names})."
                    : FormattableString.Invariant($"The row has the key ({names}) of line {rows.LineOf(row.First)}."),
                row.IsNull ? "Give it one." : "Keep one of them.");
        }
    }

    async Task<(long Updated, long Inserted)> WriteAsync(SeedRows rows, UpsertSql sql, long count, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("SAVEPOINT vividshift_rows", cancellationToken);
        try
        {
            return await UpsertAsync(sql, count, cancellationToken);
        }
        catch (PostgresException e) when (IsOfFile(e, cancellationToken))
        {
            var row = await FindRowAsync(sql, count, e.SqlState, cancellationToken);
            throw SeedErrors.Refused(file, row is { } number ? At(rows.LineOf(number)) : null, e);
        }
    }

    async Task<(long Updated, long Inserted)> UpsertAsync(UpsertSql sql, long upTo, CancellationToken cancellationToken)
    {
        var updated = sql.Update(upTo) is { } update ? await session.ExecuteAsync(update, cancellationToken) : 0;
        var inserted = await session.ExecuteAsync(sql.Insert(upTo), cancellationToken);
        // What is deferred shows here, while it is still known whose rows they are.
        await session.ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE", cancellationToken);
        return (updated, inserted);
    }

    /// <summary>
    /// The row that the server refuses: the last of the fewest rows that fail. A row may need a later one (a parent below its child), and
    /// then it is this one that is named. Null when it cannot be told.
    /// </summary>
    async Task<long?> FindRowAsync(UpsertSql sql, long count, string sqlState, CancellationToken cancellationToken)
    {
        if (count > MostRowsToSearch)
        {
            return null;
        }

        var (good, bad) = (0L, count);
        while (bad - good > 1)
        {
            var middle = good + ((bad - good) / 2);
            await session.ExecuteAsync("ROLLBACK TO SAVEPOINT vividshift_rows", cancellationToken);
            try
            {
                await UpsertAsync(sql, middle, cancellationToken);
                good = middle;
            }
            catch (PostgresException e) when (e.SqlState == sqlState)
            {
                bad = middle;
            }
            catch (PostgresException e) when (IsOfFile(e, cancellationToken))
            {
                return null;
            }
        }

        return bad;
    }

    SourceLocation At(int line) => new(file.Path, line);

    /// <summary>True for what the file's data is to blame for: not the rights of the role, not a lost connection, not Ctrl+C.</summary>
    static bool IsOfFile(PostgresException e, CancellationToken cancellationToken) => !cancellationToken.IsCancellationRequested
        && !SqlErrors.IsConnectionLoss(e)
        && e.SqlState is not (
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled);
}
