using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>A file of SQL, sent as a migration's is, in a session of its own and without a row in history.</summary>
/// <param name="description">What it is called.</param>
/// <param name="continueOnError">True when a failure is a warning.</param>
/// <param name="script">The file's statements.</param>
/// <param name="oneTransaction">True when it is one transaction.</param>
/// <param name="timeout">How long it may take.</param>
/// <param name="opened">Which database; connected to when it runs, since it may not exist before.</param>
sealed class SqlHook(
    HookDescription description, bool continueOnError, SqlScript script, bool oneTransaction, TimeSpan timeout, OpenDatabase opened)
    : Hook(description, continueOnError)
{
    public override async Task RunAsync(
        HookContext context, IMigrationObserver observer, IScriptHost scripts, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await SendAsync(observer, limit.Token);
        }
        catch (StatementFailedException e) when (!limit.IsCancellationRequested)
        {
            throw new HookFailedException($"{Place(e)}{e.Cause.MessageText} ({e.Cause.SqlState})", e);
        }
        catch (MigrationException e)
        {
            throw new HookFailedException($"{e.What} {e.RecommendedAction}".TrimEnd(' ', '.'), e);
        }
        catch (Exception e) when (e is StatementFailedException || SqlErrors.Covers(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var problem = limit.IsCancellationRequested
                ? FormattableString.Invariant($"it did not end within {timeout.TotalSeconds} s and was cancelled")
                : e.Message.TrimEnd('.');
            throw new HookFailedException(problem, e);
        }
    }

    async Task SendAsync(IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await opened.ResolveAsync(observer, cancellationToken);
        await using var session = await Session.OpenAsync(database, SessionPurpose.Write, observer, cancellationToken);
        await new StatementSender(session, observer).AddAsync(StatementList.Of(script, oneTransaction), cancellationToken);
    }

    string Place(StatementFailedException failure)
    {
        if (failure.Statement is not { } statement)
        {
            return string.Empty;
        }

        var (line, column) = script.Locate(failure.Cause.Position > 0 ? script.OffsetOf(statement, failure.Cause.Position) : statement.Offset);
        return FormattableString.Invariant($"line {line}, column {column}: ");
    }
}
