namespace VividShift.Migrations.Sql;

/// <summary>
/// One statement, as a range of the script's text: from its first token to its last. Comments and white space around it and the
/// semicolon that ends it are not part of it.
/// </summary>
public sealed class SqlStatement
{
    readonly string _script;
    readonly int _namesAt;
    readonly bool _standardConformingStrings;
    IReadOnlyList<string>? _relations;

    internal SqlStatement(string script, StatementClass kind, bool standardConformingStrings)
    {
        _script = script;
        _namesAt = kind.NamesAt;
        _standardConformingStrings = standardConformingStrings;
        _relations = kind.Relations;
        Command = kind.Command;
        Transaction = kind.Transaction;
    }

    /// <summary>Where it starts in the text, in UTF-16 units.</summary>
    public required int Offset { get; init; }

    /// <summary>How long it is, in UTF-16 units, without the semicolon.</summary>
    public required int Length { get; init; }

    /// <summary>Where it starts in the UTF-8 bytes of the text.</summary>
    public required long ByteOffset { get; init; }

    /// <summary>How long it is in UTF-8 bytes.</summary>
    public required long ByteLength { get; init; }

    /// <summary>
    /// The command as one would say it, upper case, without options: <c>CREATE TABLE</c>, <c>CREATE INDEX CONCURRENTLY</c>,
    /// <c>SELECT</c>, <c>DO</c>, <c>COPY FROM STDIN</c>. Synonyms have one name: END is <c>COMMIT</c>, ABORT is <c>ROLLBACK</c>, and a
    /// statement that begins with WITH is called by its main command.
    /// </summary>
    public string Command { get; }

    /// <summary>
    /// The relations it names where a relation is expected, each once, in order, as written but for case folding and quotes:
    /// <c>orders</c>, <c>shop.Orders</c>. Of CREATE INDEX, triggers, rules and policies that is the table they are on. Nothing inside
    /// of literals and function bodies is read; names longer than PostgreSQL's 63 bytes are not cut. Read when they are asked for: most who split
    /// a script only run it.
    /// </summary>
    public IReadOnlyList<string> Relations => _relations ??=
        new RelationReader(_script.AsSpan(Offset, Length), _namesAt, _standardConformingStrings).Read(Command);

    /// <summary>How it gets on with a transaction block.</summary>
    public TransactionRule Transaction { get; }

    /// <summary>
    /// For <c>COPY ... FROM STDIN</c>: where the inline data starts in UTF-16 units, the first character of the line after the
    /// statement's; else null.
    /// </summary>
    public int? DataOffset { get; init; }

    /// <summary>For <c>COPY ... FROM STDIN</c>: the length of the data, up to and without the line <c>\.</c>.</summary>
    public int DataLength { get; init; }
}
