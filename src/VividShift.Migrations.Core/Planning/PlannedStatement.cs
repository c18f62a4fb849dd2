using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>What a statement of a run is there for.</summary>
public enum StatementRole
{
    /// <summary>Opens the transaction and names the session after the migration.</summary>
    Begin,

    /// <summary>One of the file's own.</summary>
    Body,

    /// <summary>Undoes what the file did to the session.</summary>
    Reset,

    /// <summary>Writes history.</summary>
    Bookkeeping,

    /// <summary>Ends the transaction.</summary>
    Commit,
}

/// <summary>What stands between a statement and the next one on the wire.</summary>
public enum StatementBoundary
{
    /// <summary>Nothing: they may share a round trip.</summary>
    None,

    /// <summary>An error barrier: a failure behind it cannot undo what is before it. They may still share a round trip.</summary>
    ErrorBarrier,

    /// <summary>The server's answer is awaited.</summary>
    RoundTrip,
}

/// <summary>One statement of a run: a range of the file, which is not copied, or SQL of our own.</summary>
public sealed record PlannedStatement
{
    readonly string _own = string.Empty;
    readonly SqlScript? _script;

    /// <summary>A statement of our own.</summary>
    /// <param name="role">What it is there for.</param>
    /// <param name="sql">Its text.</param>
    public PlannedStatement(StatementRole role, string sql) => (Role, _own) = (role, sql);

    /// <summary>A statement of a file.</summary>
    public PlannedStatement(SqlScript script, SqlStatement source) => (Role, _script, Source) = (StatementRole.Body, script, source);

    /// <summary>What it is there for.</summary>
    public StatementRole Role { get; }

    /// <summary>What stands behind it on the wire.</summary>
    public StatementBoundary Boundary { get; init; }

    /// <summary>Where it stands in the file; null when it is one of ours.</summary>
    public SqlStatement? Source { get; }

    /// <summary>True when it writes how long the step has taken so far.</summary>
    public bool IsTimed { get; init; }

    /// <summary>The text as it is sent.</summary>
    public string Sql => Source is null ? _own : _script!.TextOf(Source);

    /// <summary>The same without copying it.</summary>
    public ReadOnlyMemory<char> Text => Source is null ? _own.AsMemory() : _script!.Text.AsMemory(Source.Offset, Source.Length);

    /// <summary>The rows that follow a <c>COPY ... FROM STDIN</c>; null for any other statement.</summary>
    public ReadOnlyMemory<char>? CopyData => Source?.DataOffset is null ? (ReadOnlyMemory<char>?)null : _script!.DataOf(Source);
}
