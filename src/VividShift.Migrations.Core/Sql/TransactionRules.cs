using System.Buffers;
using System.Text;

namespace VividShift.Migrations.Sql;

/// <summary>
/// How each command gets on with a transaction block. What only the server can know is not judged: REINDEX of a partitioned table,
/// a CALL that commits, an extension's script.
/// </summary>
static class TransactionRules
{
    /// <summary>A statement that must run outside a transaction holds one of these, as a key word; DO is looked for by itself.</summary>
    static readonly string[] OutsideWords =
        ["CONCURRENTLY", "VACUUM", "SYSTEM", "DISCARD", "DATABASE", "TABLESPACE", "PREPARED", "SUBSCRIPTION", "REINDEX", "CLUSTER"];

    /// <summary>
    /// False when no statement of a text can have the rule <see cref="TransactionRule.Outside"/>, whatever its quotes and comments are: seen in a
    /// fraction of the time that splitting takes.
    /// </summary>
    /// <param name="utf8">The text. Key words are ASCII, and no part of another character's bytes looks like one.</param>
    public static bool MayRunOutside(ReadOnlySpan<byte> utf8)
    {
        var wide = ArrayPool<char>.Shared.Rent(utf8.Length);
        var text = wide.AsSpan(0, Encoding.Latin1.GetChars(utf8, wide));
        var may = HasDo(text);
        foreach (var word in OutsideWords)
        {
            may = may || text.Contains(word, StringComparison.OrdinalIgnoreCase);
        }

        ArrayPool<char>.Shared.Return(wide);
        return may;
    }

    static bool HasDo(ReadOnlySpan<char> text)
    {
        const string Do = "DO";
        for (var at = 0; text[at..].IndexOf(Do, StringComparison.OrdinalIgnoreCase) is >= 0 and var found; at += found + Do.Length)
        {
            var (start, end) = (at + found, at + found + Do.Length);
            if ((start == 0 || !Joins(text[start - 1])) && (end == text.Length || !Joins(text[end])))
            {
                return true;
            }
        }

        return false;

        static bool Joins(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
    }

    /// <summary>The rule for a statement.</summary>
    public static TransactionRule Of(CommandName command, ref StatementPrefix head) => command.Text switch
    {
        "BEGIN" or "START TRANSACTION" => TransactionRule.Begins,
        "COMMIT" => Chains(ref head) ? TransactionRule.Controls : TransactionRule.Commits,
        "ROLLBACK" or "PREPARE TRANSACTION" => TransactionRule.Controls,
        "SAVEPOINT" or "RELEASE SAVEPOINT" or "ROLLBACK TO SAVEPOINT" or "LOCK TABLE" => TransactionRule.Inside,
        "DECLARE" => Holds(ref head) ? TransactionRule.Any : TransactionRule.Inside,
        _ => RunsOutside(command, ref head) ? TransactionRule.Outside : TransactionRule.Any,
    };

    static bool RunsOutside(CommandName command, ref StatementPrefix head) => command.Text switch
    {
        "CREATE INDEX CONCURRENTLY" or "DROP INDEX CONCURRENTLY" or "VACUUM" or "ALTER SYSTEM" or "DISCARD ALL" => true,
        "CREATE DATABASE" or "DROP DATABASE" or "CREATE TABLESPACE" or "DROP TABLESPACE" => true,
        "COMMIT PREPARED" or "ROLLBACK PREPARED" or "DROP SUBSCRIPTION" => true,
        "REINDEX SCHEMA" or "REINDEX DATABASE" or "REINDEX SYSTEM" => true,
        "CLUSTER" => !NamesTable(command, ref head),
        "ALTER TABLE" => DetachesConcurrently(command, ref head),
        "ALTER DATABASE" => head.Word(command.Next + 1) == "SET" && head.Word(command.Next + 2) == "TABLESPACE",
        "CREATE SUBSCRIPTION" => CreatesSlot(command, ref head),
        "ALTER SUBSCRIPTION" => Refreshes(command, ref head),
        "DO" => ProceduralBody.EndsTransactions(ref head),
        _ => command.Text.StartsWith("REINDEX", StringComparison.Ordinal)
            && command.Text.EndsWith("CONCURRENTLY", StringComparison.Ordinal),
    };

    static bool Chains(ref StatementPrefix head)
    {
        var and = head.Find("AND", 1);
        return and >= 0 && head.Word(and + 1) == "CHAIN";
    }

    static bool Holds(ref StatementPrefix head)
    {
        var cursor = head.Find("CURSOR", 1);
        return cursor >= 0 && head.Word(cursor + 1) == "WITH" && head.Word(cursor + 2) == "HOLD";
    }

    static bool NamesTable(CommandName command, ref StatementPrefix head)
    {
        var at = head.Symbol(command.Next) == '('
            ? head.AfterParentheses(command.Next)
            : head.Word(command.Next) == "VERBOSE" ? command.Next + 1 : command.Next;
        return head.Token(at).Kind != SqlTokenKind.End;
    }

    // DETACH PARTITION is the only action of its ALTER TABLE, so its last word is CONCURRENTLY or it is not.
    static bool DetachesConcurrently(CommandName command, ref StatementPrefix head)
    {
        var at = command.Next;
        while (at < command.Next + NameLimit && head.Word(at) != "DETACH" && head.Token(at).Kind != SqlTokenKind.End)
        {
            at++;
        }

        if (head.Word(at) != "DETACH" || head.Word(at + 1) != "PARTITION")
        {
            return false;
        }

        for (at += 2; head.Token(at).Kind != SqlTokenKind.End; at++)
        {
            if (head.Word(at) == "CONCURRENTLY" && head.Token(at + 1).Kind == SqlTokenKind.End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>IF EXISTS ONLY database.schema.table *: as many tokens as can stand between ALTER TABLE and its action.</summary>
    const int NameLimit = 9;

    static bool CreatesSlot(CommandName command, ref StatementPrefix head)
    {
        var with = head.Find("WITH", command.Next);
        return with < 0
            || (head.Flag(with + 1, "connect") != false && head.Flag(with + 1, "create_slot") != false);
    }

    static bool Refreshes(CommandName command, ref StatementPrefix head)
    {
        var action = command.Next + 1;
        switch (head.Word(action), head.Word(action + 1))
        {
            case ("REFRESH", "PUBLICATION" or "SEQUENCES"):
                return true;
            case ("SET" or "ADD" or "DROP", "PUBLICATION"):
                var with = head.Find("WITH", action + 2);
                return with < 0 || head.Flag(with + 1, "refresh") != false;
            default:
                // Both options change the slot on the publisher (since 17 and 18).
                return head.Word(action) == "SET"
                    && (head.Option(action + 1, "failover") >= 0 || head.Option(action + 1, "two_phase") >= 0);
        }
    }
}
