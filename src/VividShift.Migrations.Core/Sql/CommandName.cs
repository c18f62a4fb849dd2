using System.Collections.Frozen;

namespace VividShift.Migrations.Sql;

/// <summary>What a statement is called.</summary>
/// <param name="Text">Upper case, without options: <c>CREATE TABLE</c>, <c>DROP INDEX CONCURRENTLY</c>, <c>INSERT</c>.</param>
/// <param name="Next">The index of the token after these words.</param>
readonly record struct CommandName(string Text, int Next)
{
    /// <summary>Kinds of objects that CREATE, ALTER, DROP and COMMENT ON know.</summary>
    static readonly string[] ObjectTypes =
    [
        "ACCESS METHOD", "AGGREGATE", "CAST", "COLLATION", "CONVERSION", "DATABASE", "DEFAULT PRIVILEGES", "DOMAIN", "EVENT TRIGGER",
        "EXTENSION", "FOREIGN DATA WRAPPER", "FOREIGN TABLE", "FUNCTION", "GROUP", "INDEX", "LANGUAGE", "LARGE OBJECT",
        "MATERIALIZED VIEW", "OPERATOR", "OPERATOR CLASS", "OPERATOR FAMILY", "OWNED", "POLICY", "PROCEDURE", "PUBLICATION", "ROLE",
        "ROUTINE", "RULE", "SCHEMA", "SEQUENCE", "SERVER", "STATISTICS", "SUBSCRIPTION", "SYSTEM", "TABLE", "TABLESPACE",
        "TEXT SEARCH CONFIGURATION", "TEXT SEARCH DICTIONARY", "TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE", "TRANSFORM", "TRIGGER",
        "TYPE", "USER", "USER MAPPING", "VIEW",
    ];

    static readonly FrozenDictionary<string, (string[] Words, string Name)[]> OtherPhrases = new[]
    {
        "IMPORT FOREIGN SCHEMA", "LOCK TABLE", "REASSIGN OWNED", "REFRESH MATERIALIZED VIEW", "SECURITY LABEL", "SET CONSTRAINTS",
        "SET TRANSACTION", "START TRANSACTION", "DISCARD ALL", "PREPARE TRANSACTION",
    }.GroupBy(phrase => phrase.Split(' ')[0]).ToFrozenDictionary(
        group => group.Key, group => group.Select(phrase => (phrase.Split(' '), phrase)).ToArray());

    /// <summary>By the first word of the type, the longest first.</summary>
    static readonly FrozenDictionary<string, string[][]> Objects = ObjectTypes
        .Select(type => type.Split(' '))
        .OrderByDescending(words => words.Length)
        .GroupBy(words => words[0])
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    static readonly FrozenDictionary<(string Verb, string[] Type), string> ObjectCommands =
        new[] { "CREATE", "ALTER", "DROP" }
            .SelectMany(verb => Objects.Values.SelectMany(types => types), (verb, type) => (verb, type))
            .ToFrozenDictionary(pair => pair, pair => $"{pair.verb} {string.Join(' ', pair.type)}");

    static readonly FrozenSet<string> Modifiers = new[]
    {
        "OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "UNLOGGED", "UNIQUE", "RECURSIVE", "TRUSTED", "PROCEDURAL",
        "CONSTRAINT", "DEFAULT",
    }.ToFrozenSet();

    /// <summary>Names the statement that begins with these tokens.</summary>
    public static CommandName Of(ref StatementPrefix head)
    {
        var first = head.Word(0);
        return first switch
        {
            "CREATE" or "ALTER" or "DROP" => OfObject(ref head, first),
            "BEGIN" => new("BEGIN", 1),
            "COMMIT" or "END" => head.Word(1) == "PREPARED" ? new("COMMIT PREPARED", 2) : new("COMMIT", 1),
            "ROLLBACK" or "ABORT" => OfRollback(ref head),
            "RELEASE" => new("RELEASE SAVEPOINT", 1),
            "ANALYSE" => new("ANALYZE", 1),
            "LOCK" => new("LOCK TABLE", head.Word(1) == "TABLE" ? 2 : 1),
            "COPY" => OfCopy(ref head),
            "REINDEX" => OfReindex(ref head),
            "REFRESH" when head.Word(3) == "CONCURRENTLY" => new("REFRESH MATERIALIZED VIEW CONCURRENTLY", 4),
            "SET" when head.Word(1) == "SESSION" && head.Is(2, "CHARACTERISTICS") => new("SET TRANSACTION", 3),
            "WITH" => new("WITH", 1),
            null when head.Symbol(0) == '(' => new(InParentheses(ref head), 0),
            null => new(head.Text(0).ToString().ToUpperInvariant(), 1),
            _ => OfPhrase(ref head, first),
        };
    }

    /// <summary>True when the words of a phrase stand at an index.</summary>
    public static bool StandsAt(ref StatementPrefix head, int index, string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            // "LABEL" and the like are not key words of ours, so compare texts.
            if (!head.Is(index + i, words[i]))
            {
                return false;
            }
        }

        return true;
    }

    static CommandName OfObject(ref StatementPrefix head, string verb)
    {
        var at = 1;
        while (!(head.Word(at) == "DEFAULT" && head.Word(at + 1) == "PRIVILEGES") && head.Word(at) is { } word && Modifiers.Contains(word))
        {
            at++;
        }

        if (head.Word(at) is not { } first || !Objects.TryGetValue(first, out var types))
        {
            return new(verb, at);
        }

        foreach (var words in types)
        {
            if (!StandsAt(ref head, at, words))
            {
                continue;
            }

            at += words.Length;
            return words is ["INDEX"] && verb != "ALTER" && head.Word(at) == "CONCURRENTLY"
                ? new(verb == "CREATE" ? "CREATE INDEX CONCURRENTLY" : "DROP INDEX CONCURRENTLY", at + 1)
                : new(ObjectCommands[(verb, words)], at);
        }

        return new(verb, at);
    }

    static CommandName OfRollback(ref StatementPrefix head)
    {
        if (head.Word(1) == "PREPARED")
        {
            return new("ROLLBACK PREPARED", 2);
        }

        var at = head.Word(1) is "WORK" or "TRANSACTION" ? 2 : 1;
        return head.Word(at) == "TO" ? new("ROLLBACK TO SAVEPOINT", at + 1) : new("ROLLBACK", at);
    }

    static CommandName OfCopy(ref StatementPrefix head)
    {
        var from = head.Find("FROM", 1);
        var to = head.Find("TO", 1);
        if (from < 0 || (to >= 0 && to < from))
        {
            return new(to >= 0 && head.Word(to + 1) is "STDOUT" or "STDIN" ? "COPY TO STDOUT" : "COPY TO", 1);
        }

        // The server takes COPY ... FROM STDOUT for a slip of the pen, and reads from the client (gram.y, copy_file_name).
        return new(head.Word(from + 1) is "STDIN" or "STDOUT" ? "COPY FROM STDIN" : "COPY FROM", 1);
    }

    static CommandName OfReindex(ref StatementPrefix head)
    {
        var options = head.Symbol(1) == '(';
        var at = options ? head.AfterParentheses(1) : head.Word(1) == "VERBOSE" ? 2 : 1;
        var type = head.Word(at) is "TABLE" or "INDEX" or "SCHEMA" or "DATABASE" or "SYSTEM" ? head.Word(at++) : null;
        var concurrently = head.Word(at) == "CONCURRENTLY";
        at += concurrently ? 1 : 0;
        concurrently |= options && head.Flag(1, "CONCURRENTLY") == true;
        return new((type is null ? "REINDEX" : $"REINDEX {type}") + (concurrently ? " CONCURRENTLY" : string.Empty), at);
    }

    static CommandName OfPhrase(ref StatementPrefix head, string first)
    {
        if (OtherPhrases.TryGetValue(first, out var phrases))
        {
            foreach (var (words, name) in phrases)
            {
                if (StandsAt(ref head, 0, words))
                {
                    return new(name, words.Length);
                }
            }
        }

        return new(first, 1);
    }

    static string InParentheses(ref StatementPrefix head)
    {
        var at = 0;
        while (head.Symbol(at) == '(')
        {
            at++;
        }

        return head.Word(at) ?? "SELECT";
    }
}
