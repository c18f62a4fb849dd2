using System.Buffers;

namespace VividShift.Migrations.Sql;

/// <summary>What a statement is: its command, its relations, its transaction rule.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Relations">The relations it names.</param>
/// <param name="Transaction">How it gets on with a transaction block.</param>
/// <param name="StandardConformingStrings">How plain literals are read after it.</param>
readonly record struct StatementClass(
    string Command, IReadOnlyList<string> Relations, TransactionRule Transaction, bool StandardConformingStrings);

/// <summary>Tells what statements are. One for each script: it holds the room for tokens.</summary>
sealed class StatementClassifier : IDisposable
{
    readonly SqlToken[] _tokens = ArrayPool<SqlToken>.Shared.Rent(StatementPrefix.Capacity);

    /// <summary>Classifies a statement.</summary>
    public StatementClass Classify(ReadOnlySpan<char> statement, bool standardConformingStrings)
    {
        var head = new StatementPrefix(statement, standardConformingStrings, _tokens.AsSpan(0, StatementPrefix.Capacity));
        var command = CommandName.Of(ref head);
        var reader = new RelationReader(statement, head.Token(command.Next).Start, standardConformingStrings);
        var relations = reader.Read(command.Text);
        return new(
            command.Text == "WITH" ? reader.Verb ?? "WITH" : command.Text,
            relations,
            TransactionRules.Of(command, ref head),
            StandardConformingStringsTracker.After(command, ref head, standardConformingStrings));
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<SqlToken>.Shared.Return(_tokens);
}
