using System.Globalization;
using Npgsql;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Sql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Authoring;

/// <summary>Runs a script as the module does, or as sqlx does, without the machinery of either.</summary>
static class ScriptRun
{
    /// <summary>One transaction, or statement by statement where the script says so.</summary>
    public static async Task AsModuleAsync(TestDatabase database, string text)
    {
        var script = SqlScript.Parse(text);
        Assert.Empty(script.Problems);
        var inTransaction = !text.StartsWith("-- no-transaction", StringComparison.Ordinal);
        await using var connection = await database.OpenAsync();
        await using var transaction = inTransaction ? await connection.BeginTransactionAsync() : null;
        foreach (var statement in script.Statements)
        {
            // A batch sends its text as it is, one statement in a message of its own.
            await using var batch = new NpgsqlBatch(connection, transaction);
            batch.BatchCommands.Add(new(text.Substring(statement.Offset, statement.Length)));
            await batch.ExecuteNonQueryAsync();
        }

        if (transaction is not null)
        {
            await transaction.CommitAsync();
        }
    }

    /// <summary>The whole text in one message of the simple protocol, which is what psql's -c sends, too.</summary>
    public static async Task AsSqlxAsync(TestDatabase database, string text)
    {
        var start = ExternalProgram.Describe("psql", [
            "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", database.Host, "-p", database.Port.ToString(CultureInfo.InvariantCulture),
            "-U", database.UserName, "-d", database.Name, "-c", text]);
        start.Environment["PGPASSWORD"] = database.Password;
        var run = await ExternalProgram.RunAsync(start, TestContext.Current.CancellationToken);
        Assert.True(run.Succeeded, run.Text);
    }
}
