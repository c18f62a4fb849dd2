namespace VividShift.Migrations.Sql;

/// <summary>
/// The first tokens of a statement, read as far as they are asked for. Enough of it to tell a command and its options; what a
/// statement lists at length is read by <see cref="RelationReader"/>.
/// </summary>
ref struct StatementPrefix
{
    /// <summary>A COPY with a list of 1,600 columns, the most a table can have, still shows its FROM within this many tokens.</summary>
    public const int Capacity = 4096;

    readonly Span<SqlToken> _tokens;
    readonly ReadOnlySpan<char> _statement;
    SqlLexer _lexer;
    int _count;

    /// <summary>The head of a statement.</summary>
    /// <param name="statement">The statement's text.</param>
    /// <param name="standardConformingStrings">How its plain literals are read.</param>
    /// <param name="tokens">Room for <see cref="Capacity"/> tokens.</param>
    public StatementPrefix(ReadOnlySpan<char> statement, bool standardConformingStrings, Span<SqlToken> tokens)
    {
        _statement = statement;
        _tokens = tokens;
        _lexer = new(statement, 0, standardConformingStrings);
    }

    /// <summary>The token at an index from 0; the end token beyond the last.</summary>
    public SqlToken Token(int index)
    {
        if (index >= _tokens.Length)
        {
            return new(SqlTokenKind.End, _statement.Length, _statement.Length);
        }

        while (_count <= index)
        {
            _tokens[_count++] = _lexer.Next();
        }

        return _tokens[index];
    }

    /// <summary>The key word at an index, upper case; null for anything else.</summary>
    public string? Word(int index)
    {
        var token = Token(index);
        return token.Kind == SqlTokenKind.Word ? Keywords.Find(_statement[token.Start..token.End]) : null;
    }

    /// <summary>The symbol at an index; NUL for anything else.</summary>
    public char Symbol(int index)
    {
        var token = Token(index);
        return token.Kind == SqlTokenKind.Symbol ? _statement[token.Start] : '\0';
    }

    /// <summary>The text of the token at an index.</summary>
    public ReadOnlySpan<char> Text(int index)
    {
        var token = Token(index);
        return _statement[token.Start..token.End];
    }

    /// <summary>True when the token at an index is that unquoted word, in any case.</summary>
    public bool Is(int index, string word) =>
        Token(index).Kind == SqlTokenKind.Word && Text(index).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The index of a key word at or after another, outside of parentheses; -1 when it is not there.</summary>
    public int Find(string word, int from)
    {
        var depth = 0;
        for (var index = from; Token(index).Kind != SqlTokenKind.End; index++)
        {
            depth += Symbol(index) switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && Is(index, word))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The index after the closing parenthesis of the one at an index.</summary>
    public int AfterParentheses(int open)
    {
        var depth = 0;
        var index = open;
        for (; Token(index).Kind != SqlTokenKind.End; index++)
        {
            depth += Symbol(index) switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return index + 1;
            }
        }

        return index;
    }

    /// <summary>
    /// The index after an option's name in a parenthesised list that starts at an index; -1 when the list has no such option.
    /// </summary>
    public int Option(int open, string name)
    {
        var end = AfterParentheses(open) - 1;
        for (var index = open + 1; index < end; index++)
        {
            if (Is(index, name) && Symbol(index - 1) is '(' or ',')
            {
                return index + 1;
            }
        }

        return -1;
    }

    /// <summary>The value of a Boolean option as PostgreSQL reads it: given without a value it is on.</summary>
    public bool? Flag(int open, string name)
    {
        var index = Option(open, name);
        if (index < 0)
        {
            return null;
        }

        if (Symbol(index) == '=')
        {
            index++;
        }

        return Symbol(index) is ',' or ')' || Booleans.Read(Text(index)) != false;
    }
}
