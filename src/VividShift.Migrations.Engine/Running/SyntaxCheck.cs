using Npgsql;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Running;

/// <summary>
/// Lets the server's own parser read every statement without running any: the protocol's Parse message. What Parse says about missing tables is
/// ignored, since an earlier migration may make them; only syntax counts.
/// </summary>
static class SyntaxCheck
{
    // Parse resolves names in plain queries, which takes share locks for a moment; someone's DDL must not make a test hang.
    const string Patience = "SET lock_timeout = '2s'";

    public static async Task<IReadOnlyList<Finding>> RunAsync(Session session, IEnumerable<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        await using (var setting = new NpgsqlBatch(session.Connection) { BatchCommands = { new(Patience) } })
        {
            await setting.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var (file, script) in scripts)
        {
            if (script.Problems.Count > 0)
            {
                continue;
            }

            foreach (var statement in script.Body)
            {
                if (await ParseAsync(session, script, statement, cancellationToken) is { } error)
                {
                    findings.Add(Describe(file, script, statement, error));
                }
            }

            // Thousands of parsed statements would stay in the server's memory until the session ends.
            await Task.Run(session.Connection.UnprepareAll, cancellationToken);
        }

        return findings;
    }

    static async Task<PostgresException?> ParseAsync(Session session, SqlScript script, SqlStatement statement, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection)
        {
            BatchCommands = { new(script.TextOf(statement)) },
        };
        try
        {
            await batch.PrepareAsync(cancellationToken);
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState == PostgresErrorCodes.SyntaxError ? e : null;
        }
    }

    static Finding Describe(MigrationFile file, SqlScript script, SqlStatement statement, PostgresException error)
    {
        var (line, column) = script.Locate(error.Position > 0 ? script.OffsetOf(statement, error.Position) : statement.Offset);
        return new("SyntaxError", FindingSeverity.Error, $"{error.MessageText} ({error.SqlState}).")
        {
            Version = file.Version,
            Location = new(file.Path, line, column),
            RecommendedAction = error.Hint ?? "Fix the statement.",
        };
    }
}
