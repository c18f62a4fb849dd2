using Npgsql;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Errors;

/// <summary>A statement failed on the server. Stays inside the engine; whoever runs the file turns it into what a user reads.</summary>
sealed class StatementFailedException(PostgresException cause, SqlStatement? statement, string sql) : Exception(cause.MessageText, cause)
{
    public PostgresException Cause { get; } = cause;

    /// <summary>The file's statement; null when it was one of ours: BEGIN, bookkeeping, COMMIT.</summary>
    public SqlStatement? Statement { get; } = statement;

    /// <summary>The text as it was sent.</summary>
    public string Sql { get; } = sql;
}
