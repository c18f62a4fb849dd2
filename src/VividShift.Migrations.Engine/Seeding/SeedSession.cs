using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>A session that tells the SQL of seeding.</summary>
sealed class SeedSession(Session session, IMigrationObserver observer)
{
    /// <summary>The session.</summary>
    internal Session Session => session;

    /// <summary>Runs a statement; the answer is how many rows it touched.</summary>
    internal async Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads rows.</summary>
    internal async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Opens a COPY FROM STDIN.</summary>
    internal Task<NpgsqlCopyTextWriter> CopyAsync(string sql, CancellationToken cancellationToken)
    {
        Tell(sql);
        return session.Connection.BeginTextImportAsync(sql, cancellationToken);
    }

    NpgsqlCommand Command(string sql, object[] parameters)
    {
        Tell(sql);
        var command = new NpgsqlCommand(sql, session.Connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    void Tell(string sql)
    {
        if (observer.ReadsSql)
        {
            observer.Report(new StatementSent(sql));
        }
    }
}
