using System.Text;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Seeding;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>A seed of statements. That a second run does no harm is up to the file: ON CONFLICT, WHERE NOT EXISTS.</summary>
static class SqlSeed
{
    /// <summary>Runs it in the transaction that is open.</summary>
    /// <exception cref="MigrationException">SeedFailed, naming file and line.</exception>
    internal static async Task RunAsync(SeedSession session, SeedFile file, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var script = SqlScript.Parse(await TextOfAsync(file, cancellationToken));
        MigrationException.ThrowIfRefused(Judge(file, script), file);
        var sender = new StatementSender(session.Session, observer);
        try
        {
            IEnumerable<PlannedStatement> statements =
                [.. StatementList.Body(script), StatementList.CheckConstraints, .. StatementList.Reset(Session.SettingsAfterReset)];
            await sender.AddAsync(statements, cancellationToken);
            await sender.FlushAsync(cancellationToken);
        }
        catch (StatementFailedException e) when (!SqlErrors.IsConnectionLoss(e.Cause) && !cancellationToken.IsCancellationRequested)
        {
            throw SeedErrors.Refused(file, e.Statement is null ? null : Locate(file, script, OffsetOf(script, e)), e.Cause, e.Sql);
        }
    }

    /// <summary>What keeps it from being run.</summary>
    internal static async Task<IEnumerable<Finding>> CheckAsync(SeedFile file, CancellationToken cancellationToken) =>
        Judge(file, SqlScript.Parse(await TextOfAsync(file, cancellationToken)));

    static int OffsetOf(SqlScript script, StatementFailedException failed) => failed.Cause.Position > 0
        ? script.OffsetOf(failed.Statement!, failed.Cause.Position)
        : failed.Statement!.Offset;

    static IEnumerable<Finding> Judge(SeedFile file, SqlScript script)
    {
        foreach (var problem in script.Problems)
        {
            yield return At(problem.Offset, problem.Rule, problem.Message, problem.RecommendedAction);
        }

        if (script.TransactionControl is { } control)
        {
            yield return At(
                control.Offset,
                "TransactionControl",
                $"{control.Command} within a seed would end the transaction that keeps it whole.",
                "Remove it; each file is a transaction of its own.");
        }

        if (script.Body.FirstOrDefault(statement => statement.Transaction == TransactionRule.Outside) is { } outside)
        {
            yield return At(
                outside.Offset,
                "TransactionControl",
                $"{outside.Command} cannot run inside a transaction, which a seed is.",
                "Make a migration of it.");
        }

        if (script.Body.FirstOrDefault(statement => statement.Command == "COPY TO STDOUT") is { } export)
        {
            yield return At(
                export.Offset,
                "CopyToClient",
                "COPY TO STDOUT sends rows to the client, and a seed has nowhere to put them.",
                "Remove it, or export with psql.");
        }

        Finding At(int offset, string rule, string what, string advice) => new(rule, FindingSeverity.Error, what)
        {
            Location = Locate(file, script, offset),
            RecommendedAction = advice,
            RefusedAs = MigrationErrorCode.SeedFailed,
        };
    }

    static SourceLocation Locate(SeedFile file, SqlScript script, int offset)
    {
        var (line, column) = script.Locate(offset);
        return new SourceLocation(file.Path, line, column, script.LineText(line));
    }

    static async Task<string> TextOfAsync(SeedFile file, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(file.Path, cancellationToken);
        try
        {
            return MigrationText.Decode(content);
        }
        catch (DecoderFallbackException e)
        {
            throw SeedText.NotUtf8(file, e);
        }
    }
}
