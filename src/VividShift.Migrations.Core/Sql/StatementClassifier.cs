using System.Buffers;

namespace VividShift.Migrations.Sql;

/// <summary>What a statement is: its command, its relations, its transaction rule.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Relations">The relations it names, if they had to be read to name the command; else null.</param>
/// <param name="NamesAt">The offset in the statement after the words of the command, where its relations are read from.</param>
/// <param name="Transaction">How it gets on with a transaction block.</param>
/// <param name="StandardConformingStrings">How plain literals are read after it.</param>
readonly record struct StatementClass(
    string Command, IReadOnlyList<string>? Relations, int NamesAt, TransactionRule Transaction, bool StandardConformingStrings);

/// <summary>Tells what statements are. One for each script: it holds the room for tokens.</summary>
sealed class StatementClassifier : IDisposable
{
    readonly SqlToken[] _tokens = ArrayPool<SqlToken>.Shared.Rent(StatementPrefix.Capacity);

    /// <summary>Classifies a statement.</summary>
    public StatementClass Classify(ReadOnlySpan<char> statement, bool standardConformingStrings)
    {
        var head = new StatementPrefix(statement, standardConformingStrings, _tokens.AsSpan(0, StatementPrefix.Capacity));
        var command = CommandName.Of(ref head);
        var namesAt = head.Token(command.Next).Start;
        var name = command.Text;
        IReadOnlyList<string>? relations = null;
        if (name == "WITH")
        {
            var reader = new RelationReader(statement, namesAt, standardConformingStrings);
            relations = reader.Read(name);
            name = reader.Verb ?? name;
        }

        return new(
            name,
            relations,
            namesAt,
            TransactionRules.Of(command, ref head),
            StandardConformingStringsTracker.After(command, ref head, standardConformingStrings));
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<SqlToken>.Shared.Return(_tokens);
}
