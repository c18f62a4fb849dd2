using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Running;

/// <summary>Creates the database that a plan is for, from the maintenance database, as sqlx does.</summary>
static class DatabaseCreation
{
    public static async Task CreateAsync(ResolvedDatabase database, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var name = database.Target.Database;
        var maintenance = database.On(name == "postgres" ? "template1" : "postgres");
        await using var session = await Session.OpenAsync(maintenance, SessionPurpose.Maintain, observer, cancellationToken);
        try
        {
            await session.ExecuteAsync($"CREATE DATABASE {SqlQuote.Identifier(name)}", cancellationToken);
            observer.Report(new VerboseMessage($"Created database {database.Target}."));
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another runner was quicker, which is what was wanted.
            observer.Report(new VerboseMessage($"Database {database.Target} exists meanwhile."));
        }
        catch (PostgresException e)
        {
            throw SqlErrors.Translate(e, session.Target, cancellationToken);
        }
    }
}
