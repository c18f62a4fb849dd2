namespace VividShift.Migrations.Sql;

/// <summary>How a statement gets on with a transaction block (PostgreSQL manual: each command's Notes; measured on 12-18).</summary>
public enum TransactionRule
{
    /// <summary>Runs inside and outside.</summary>
    Any,

    /// <summary>PostgreSQL refuses it inside a transaction block (SQLSTATE 25001).</summary>
    Outside,

    /// <summary>Begins a transaction: BEGIN, START TRANSACTION.</summary>
    Begins,

    /// <summary>Ends one successfully: COMMIT, END.</summary>
    Commits,

    /// <summary>Other transaction control: ROLLBACK, PREPARE TRANSACTION, COMMIT AND CHAIN, ...</summary>
    Controls,
}

/// <summary>One statement, as a range of the script's text. Its terminating semicolon is not part of it.</summary>
public sealed class SqlStatement
{
    /// <summary>Where it starts in the text, in UTF-16 units.</summary>
    public required int Offset { get; init; }

    /// <summary>How long it is, in UTF-16 units, without the semicolon.</summary>
    public required int Length { get; init; }

    /// <summary>Where it starts in the UTF-8 bytes of the text.</summary>
    public required long ByteOffset { get; init; }

    /// <summary>How long it is in UTF-8 bytes.</summary>
    public required long ByteLength { get; init; }

    /// <summary>The command as one would say it, upper case: <c>CREATE TABLE</c>, <c>CREATE INDEX CONCURRENTLY</c>, <c>SELECT</c>, <c>DO</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The relations it names where a relation is expected, in order, as written but for case folding and quotes.</summary>
    public required IReadOnlyList<string> Relations { get; init; }

    /// <summary>How it gets on with a transaction block.</summary>
    public required TransactionRule Transaction { get; init; }

    /// <summary>For <c>COPY ... FROM STDIN</c>: where the inline data starts (first character after the line break) in UTF-16 units; else null.</summary>
    public int? DataOffset { get; init; }

    /// <summary>For <c>COPY ... FROM STDIN</c>: the length of the data, up to and without the line <c>\.</c>.</summary>
    public int DataLength { get; init; }
}
