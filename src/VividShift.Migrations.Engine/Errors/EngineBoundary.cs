using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Engine.Errors;

/// <summary>
/// The last place before the wall: whatever the server or the network throws becomes an exception that a user can name in a <c>catch</c>.
/// </summary>
static class EngineBoundary
{
    /// <summary>Runs some work against a database; lets out MigrationException, OperationCanceledException and mistakes of our own.</summary>
    public static async Task<T> GuardAsync<T>(DatabaseTarget target, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (StatementFailedException e)
        {
            throw SqlErrors.Translate(e.Cause, target, cancellationToken, e.Sql);
        }
        catch (Exception e) when (SqlErrors.Covers(e))
        {
            throw SqlErrors.Translate(e, target, cancellationToken);
        }
    }
}
