namespace VividShift.Migrations.Sql;

/// <summary>Walks over the tokens of a statement and collects the relations that its callers find.</summary>
ref struct RelationCursor
{
    /// <summary>Most statements name one or two relations, for which a set costs more than it saves.</summary>
    const int SetFrom = 16;

    readonly ReadOnlySpan<char> _statement;
    SqlLexer _lexer;
    List<string>? _found;
    HashSet<string>? _known;
    HashSet<string>? _excluded;

    /// <summary>A cursor on the token at an offset.</summary>
    public RelationCursor(ReadOnlySpan<char> statement, int offset, bool standardConformingStrings)
    {
        _statement = statement;
        _lexer = new(statement, offset, standardConformingStrings);
        Advance();
    }

    /// <summary>The current token.</summary>
    public SqlToken Token { get; private set; }

    /// <summary>The current token as a key word; null when it is none.</summary>
    public string? Word { get; private set; }

    /// <summary>The current token as a symbol; NUL when it is none.</summary>
    public readonly char Symbol => _lexer.SymbolOf(Token);

    /// <summary>No tokens are left.</summary>
    public readonly bool AtEnd => Token.Kind == SqlTokenKind.End;

    /// <summary>Goes to the next token.</summary>
    public void Advance()
    {
        Token = _lexer.Next();
        Word = Token.Kind == SqlTokenKind.Word ? Keywords.Find(_statement[Token.Start..Token.End]) : null;
    }

    /// <summary>Steps over a key word if it is the current token.</summary>
    public bool Accept(string word)
    {
        if (Word != word)
        {
            return false;
        }

        Advance();
        return true;
    }

    /// <summary>Steps over IF [NOT] EXISTS.</summary>
    public void SkipIfExists()
    {
        if (Accept("IF"))
        {
            Accept("NOT");
            Accept("EXISTS");
        }
    }

    /// <summary>Steps over a parenthesised part if one begins at the current token.</summary>
    public void SkipParentheses()
    {
        if (Symbol != '(')
        {
            return;
        }

        var depth = 0;
        do
        {
            depth += Symbol switch { '(' => 1, ')' => -1, _ => 0 };
            Advance();
        }
        while (depth > 0 && !AtEnd);
    }

    /// <summary>Goes on after the next such key word outside of parentheses; false at the end.</summary>
    public bool SkipPast(string word)
    {
        while (!AtEnd)
        {
            if (Symbol == '(')
            {
                SkipParentheses();
            }
            else if (Accept(word))
            {
                return true;
            }
            else
            {
                Advance();
            }
        }

        return false;
    }

    /// <summary>Reads a name, qualified or not; null when the current token is none.</summary>
    public string? ReadName()
    {
        var name = ReadPart();
        while (name is not null && Symbol == '.')
        {
            Advance();
            if (ReadPart() is not { } part)
            {
                break;
            }

            name = $"{name}.{part}";
        }

        return name;
    }

    /// <summary>Reads a name of a relation and collects it.</summary>
    public void TakeName() => Add(ReadName());

    /// <summary>Reads a list of relations and collects them: with ONLY, <c>*</c>, columns and conditions.</summary>
    public void TakeNames()
    {
        while (true)
        {
            Accept("TABLE");
            Accept("ONLY");
            TakeName();
            if (Symbol == '*')
            {
                Advance();
            }

            SkipParentheses();
            if (Accept("WHERE"))
            {
                SkipParentheses();
            }

            if (Symbol != ',')
            {
                return;
            }

            Advance();
        }
    }

    /// <summary>Collects a relation.</summary>
    public void Add(string? name)
    {
        if (name is null)
        {
            return;
        }

        _found ??= [];
        if (_found.Count == SetFrom)
        {
            _known = new(_found, StringComparer.Ordinal);
        }

        if (_known?.Add(name) ?? !_found.Contains(name))
        {
            _found.Add(name);
        }
    }

    /// <summary>Names the result of a WITH query: such a name is no relation.</summary>
    public void Exclude(string name) => (_excluded ??= new(StringComparer.Ordinal)).Add(name);

    /// <summary>What was collected.</summary>
    public readonly IReadOnlyList<string> Found()
    {
        if (_found is not null && _excluded is not null)
        {
            _found.RemoveAll(_excluded.Contains);
        }

        return _found is null ? [] : _found;
    }

    string? ReadPart()
    {
        var text = _statement[Token.Start..Token.End];
        string part;
        switch (Token.Kind)
        {
            case SqlTokenKind.Word:
                part = Fold(text);
                break;
            case SqlTokenKind.QuotedIdentifier:
                var content = text[(text.IndexOf('"') + 1)..];
                part = (content is [.., '"'] ? content[..^1] : content).ToString().Replace("\"\"", "\"", StringComparison.Ordinal);
                break;
            default:
                return null;
        }

        Advance();
        return part;
    }

    // PostgreSQL folds ASCII letters only, where a character can have several bytes (scansup.c).
    static string Fold(ReadOnlySpan<char> word)
    {
        if (!word.ContainsAnyInRange('A', 'Z'))
        {
            return word.ToString();
        }

        var folded = word.ToArray();
        foreach (ref var c in folded.AsSpan())
        {
            c = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
        }

        return new(folded);
    }
}
