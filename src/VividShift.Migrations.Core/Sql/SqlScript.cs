namespace VividShift.Migrations.Sql;

/// <summary>A text of SQL, split into statements as psql splits it. Immutable; statements point into the text.</summary>
public sealed class SqlScript
{
    SqlScript(string text, IReadOnlyList<SqlStatement> statements, IReadOnlyList<SqlProblem> problems)
    {
        Text = text;
        Statements = statements;
        Problems = problems;
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The statements in order; comments between them belong to none or to the following one.</summary>
    public IReadOnlyList<SqlStatement> Statements { get; }

    /// <summary>What keeps the text from being run: psql meta-commands, quotes or comments that never end.</summary>
    public IReadOnlyList<SqlProblem> Problems { get; }

    /// <summary>Splits a text. Never throws for what the text holds: see <see cref="Problems"/>.</summary>
    public static SqlScript Parse(string text) => new(text, [], []);

    /// <summary>Line and column (both from 1, columns in code points) of a UTF-16 offset in the text.</summary>
    public (int Line, int Column) Locate(int offset) => (1, 1 + Math.Min(offset, Text.Length));

    /// <summary>The text of a line (from 1) without its line break.</summary>
    public string LineText(int line) => line == 1 ? Text : string.Empty;

    /// <summary>
    /// The UTF-16 offset in the whole text of a position that PostgreSQL gave for a statement: code points from 1, relative to
    /// the statement as sent (platform.md 7).
    /// </summary>
    public int OffsetOf(SqlStatement statement, int codePointPosition) => Math.Min(statement.Offset + codePointPosition - 1, Text.Length);
}
