namespace VividShift.Migrations.Sql;

/// <summary>A text of SQL, split into statements as psql splits it. Immutable; statements point into the text.</summary>
public sealed class SqlScript
{
    readonly Lazy<LineMap> _lines;

    SqlScript(string text, IReadOnlyList<SqlStatement> statements, IReadOnlyList<SqlProblem> problems)
    {
        Text = text;
        Statements = statements;
        Problems = problems;
        _lines = new(() => new(text));
        OuterTransaction = IsOuterTransaction(statements);
        Body = OuterTransaction ? [.. statements.Skip(1).SkipLast(1)] : statements;
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The statements in order; comments between them belong to none.</summary>
    public IReadOnlyList<SqlStatement> Statements { get; }

    /// <summary>What keeps the text from being run: psql meta-commands, quotes or comments that never end.</summary>
    public IReadOnlyList<SqlProblem> Problems { get; }

    /// <summary>
    /// True when the text brings a transaction of its own around everything: the first statement begins one, the last commits it, and
    /// none between begins or ends one. A migration takes it as its own transaction and runs <see cref="Body"/>.
    /// </summary>
    public bool OuterTransaction { get; }

    /// <summary>The statements to run: all, but for the BEGIN and the COMMIT of an <see cref="OuterTransaction"/>.</summary>
    public IReadOnlyList<SqlStatement> Body { get; }

    /// <summary>
    /// The statement that begins the <see cref="OuterTransaction"/>, with its options such as ISOLATION LEVEL; null when there is none.
    /// </summary>
    public string? OpensWith => OuterTransaction ? TextOf(Statements[0]) : null;

    /// <summary>
    /// The first statement that begins or ends a transaction and is not part of an <see cref="OuterTransaction"/>; null when there is
    /// none. Savepoints do not count.
    /// </summary>
    public SqlStatement? TransactionControl => OuterTransaction ? null : Statements.FirstOrDefault(IsTransactionControl);

    /// <summary>Splits a text. Never throws for what the text holds: see <see cref="Problems"/>.</summary>
    public static SqlScript Parse(string text) => Parse(text, standardConformingStrings: true);

    /// <summary>Splits a text for a session in which <c>standard_conforming_strings</c> is set as given.</summary>
    /// <param name="text">The text; a byte order mark at its start is passed over.</param>
    /// <param name="standardConformingStrings">
    /// False when a backslash escapes in plain literals. A SET in the text itself counts from the statement after it on.
    /// </param>
    public static SqlScript Parse(string text, bool standardConformingStrings)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var classifier = new StatementClassifier();
        var (statements, problems) = new SqlSplitter(text, standardConformingStrings, classifier).Split();
        return new(text, statements, problems);
    }

    /// <summary>The text of a statement, as it is sent.</summary>
    public string TextOf(SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return Text.Substring(statement.Offset, statement.Length);
    }

    /// <summary>The inline data of a <c>COPY ... FROM STDIN</c>; empty for any other statement.</summary>
    public ReadOnlyMemory<char> DataOf(SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return statement.DataOffset is { } offset ? Text.AsMemory(offset, statement.DataLength) : default;
    }

    /// <summary>Line and column (both from 1, columns in code points) of a UTF-16 offset in the text.</summary>
    public (int Line, int Column) Locate(int offset) => _lines.Value.Locate(offset);

    /// <summary>The text of a line (from 1) without its line break; empty when there is no such line.</summary>
    public string LineText(int line) => _lines.Value.LineText(line);

    /// <summary>
    /// The UTF-16 offset in the whole text of a position that PostgreSQL gave for a statement: code points from 1, relative to
    /// the statement as sent. A position beyond the text is its end.
    /// </summary>
    public int OffsetOf(SqlStatement statement, int codePointPosition)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return statement.Offset + CodePoints.IndexAfter(Text.AsSpan(statement.Offset), codePointPosition - 1);
    }

    static bool IsOuterTransaction(IReadOnlyList<SqlStatement> statements) =>
        statements.Count >= 2
        && statements[0].Transaction == TransactionRule.Begins
        && statements[^1].Transaction == TransactionRule.Commits
        && !statements.Skip(1).SkipLast(1).Any(IsTransactionControl);

    static bool IsTransactionControl(SqlStatement statement) =>
        statement.Transaction is TransactionRule.Begins or TransactionRule.Commits or TransactionRule.Controls;
}
