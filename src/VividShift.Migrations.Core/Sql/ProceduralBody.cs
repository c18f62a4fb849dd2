using System.Text.RegularExpressions;

namespace VividShift.Migrations.Sql;

/// <summary>
/// The PL/pgSQL body of a DO block. A COMMIT or ROLLBACK of its own works only outside a transaction block (2D000 inside): the way
/// in which large tables are changed batch by batch.
/// </summary>
static partial class ProceduralBody
{
    /// <summary>True when a DO statement commits or rolls back in its body.</summary>
    public static bool EndsTransactions(ref StatementPrefix head)
    {
        var language = head.Find("LANGUAGE", 1);
        if (language >= 0 && !head.Text(language + 1).Trim("'\"").Equals("plpgsql", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        for (var at = 1; head.Token(at).Kind != SqlTokenKind.End; at++)
        {
            var literal = head.Text(at);
            switch (head.Token(at).Kind)
            {
                case SqlTokenKind.DollarString:
                    var tag = TokenScanner.DollarTagEnd(literal, 0);
                    return literal.Length >= 2 * tag && HasCommit(literal[tag..^tag]);
                case SqlTokenKind.String when at != language + 1:
                    return HasCommit(Unquote(literal));
            }
        }

        return false;
    }

    // Good enough to find a COMMIT: an escape that stands for a control character becomes a blank.
    static string Unquote(ReadOnlySpan<char> literal)
    {
        var content = literal[(literal.IndexOf('\'') + 1)..].TrimEnd('\'').ToString().Replace("''", "'", StringComparison.Ordinal);
        return literal[0] is 'e' or 'E' ? Escape().Replace(content, " ").Replace("\\", string.Empty, StringComparison.Ordinal) : content;
    }

    static bool HasCommit(ReadOnlySpan<char> body)
    {
        var lexer = new SqlLexer(body, 0, standardConformingStrings: true);
        var begins = true;
        var token = lexer.Next();
        while (token.Kind != SqlTokenKind.End)
        {
            var next = lexer.Next();
            var word = token.Kind == SqlTokenKind.Word ? Keywords.Find(body[token.Start..token.End]) : null;
            if (begins && word is "COMMIT" or "ROLLBACK" && EndsCommit(body, lexer, next))
            {
                return true;
            }

            // A statement of PL/pgSQL begins after these, and after the >> of a label.
            begins = word is "BEGIN" or "THEN" or "ELSE" or "LOOP" || lexer.SymbolOf(token) is ';' or '>';
            token = next;
        }

        return false;
    }

    static bool EndsCommit(ReadOnlySpan<char> body, SqlLexer lexer, SqlToken next) =>
        lexer.SymbolOf(next) == ';' || (next.Kind == SqlTokenKind.Word && Keywords.Find(body[next.Start..next.End]) == "AND");

    [GeneratedRegex(@"\\[nrtbf]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Escape();
}
