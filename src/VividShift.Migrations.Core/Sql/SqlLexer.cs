namespace VividShift.Migrations.Sql;

/// <summary>
/// PostgreSQL's tokens in a text, without white space and comments, by the rules that psql uses to find the end of a statement
/// (src/fe_utils/psqlscan.l). Copies nothing: a token is a range.
/// </summary>
ref struct SqlLexer
{
    readonly ReadOnlySpan<char> _whole;
    ReadOnlySpan<char> _text;

    /// <summary>A lexer that starts at an offset.</summary>
    /// <param name="text">The text; offsets are relative to it.</param>
    /// <param name="start">Where to start.</param>
    /// <param name="standardConformingStrings">False when a backslash escapes in plain literals, too.</param>
    public SqlLexer(ReadOnlySpan<char> text, int start, bool standardConformingStrings)
    {
        _whole = text;
        _text = text;
        Position = start;
        StandardConformingStrings = standardConformingStrings;
    }

    /// <summary>Where the next token is looked for.</summary>
    public int Position { get; set; }

    /// <summary>The server setting of this name: when off, a backslash escapes in plain literals, too.</summary>
    public bool StandardConformingStrings { get; set; }

    /// <summary>What the text ended in the middle of.</summary>
    public OpenConstruct Open { get; private set; }

    /// <summary>Where that began.</summary>
    public int OpenedAt { get; private set; }

    /// <summary>Where the text ends for now; anything that crosses it is left open.</summary>
    public int Limit
    {
        readonly get => _text.Length;
        set
        {
            _text = _whole[..value];
            Open = OpenConstruct.None;
        }
    }

    /// <summary>The next token; <see cref="SqlTokenKind.End"/> at the end, again and again.</summary>
    public SqlToken Next()
    {
        if (!SkipBlank())
        {
            return new(SqlTokenKind.End, Position, Position);
        }

        var start = Position;
        var c = _text[start];
        return c switch
        {
            _ when TokenScanner.StartsName(c) => NextWord(start, c),
            '\'' => TakeString(start, start, !StandardConformingStrings),
            '"' => Take(SqlTokenKind.QuotedIdentifier, start, TokenScanner.QuotedIdentifierEnd(_text, start), OpenConstruct.Identifier),
            '$' => NextDollar(start),
            ':' => NextColon(start),
            '\\' => Take(SqlTokenKind.Backslash, start, start + 1),
            _ when char.IsAsciiDigit(c) => NextNumber(start),
            _ => Take(SqlTokenKind.Symbol, start, start + 1),
        };
    }

    /// <summary>The character that is a symbol token; NUL for any other token.</summary>
    public readonly char SymbolOf(SqlToken token) => token.Kind == SqlTokenKind.Symbol ? _whole[token.Start] : '\0';

    /// <summary>The text of a token.</summary>
    public readonly ReadOnlySpan<char> TextOf(SqlToken token) => _whole[token.Start..token.End];

    readonly char At(int index) => index < _text.Length ? _text[index] : '\0';

    SqlToken Take(SqlTokenKind kind, int start, int end, OpenConstruct construct = OpenConstruct.None)
    {
        if (end < 0)
        {
            Open = construct;
            OpenedAt = start;
            end = _text.Length;
        }

        Position = end;
        return new(kind, start, end);
    }

    SqlToken TakeString(int start, int quote, bool escapes, bool doubles = true) =>
        Take(SqlTokenKind.String, start, TokenScanner.StringEnd(_text, quote, escapes, doubles), OpenConstruct.String);

    // Comments start even in the middle of what else were an operator: PostgreSQL ends an operator before -- and /*. So
    // operators need no rule of their own, they go by one character at a time.
    bool SkipBlank()
    {
        var at = Position;
        while (at < _text.Length)
        {
            var c = _text[at];
            if (TokenScanner.IsSpace(c))
            {
                at++;
            }
            else if (c == '-' && At(at + 1) == '-')
            {
                at = TokenScanner.LineCommentEnd(_text, at);
            }
            else if (c == '/' && At(at + 1) == '*')
            {
                var end = TokenScanner.BlockCommentEnd(_text, at);
                if (end < 0)
                {
                    Take(SqlTokenKind.End, at, end, OpenConstruct.Comment);
                    return false;
                }

                at = end;
            }
            else
            {
                Position = at;
                return true;
            }
        }

        Position = _text.Length;
        return false;
    }

    SqlToken NextWord(int start, char c)
    {
        var quote = start + 1;
        switch (c, At(quote))
        {
            case ('e' or 'E', '\''):
                return TakeString(start, quote, escapes: true);
            case ('b' or 'B' or 'x' or 'X', '\''):
                return TakeString(start, quote, escapes: false, doubles: false);
            case ('n' or 'N', '\''):
                return TakeString(start, quote, !StandardConformingStrings);
            case ('u' or 'U', '&') when At(quote + 1) == '\'':
                return TakeString(start, quote + 1, escapes: false);
            case ('u' or 'U', '&') when At(quote + 1) == '"':
                return Take(
                    SqlTokenKind.QuotedIdentifier, start, TokenScanner.QuotedIdentifierEnd(_text, quote + 1), OpenConstruct.Identifier);
            default:
                return Take(SqlTokenKind.Word, start, TokenScanner.NameEnd(_text, quote));
        }
    }

    SqlToken NextDollar(int start)
    {
        if (char.IsAsciiDigit(At(start + 1)))
        {
            return NextNumber(start + 1) with { Start = start };
        }

        var tagEnd = TokenScanner.DollarTagEnd(_text, start);
        return tagEnd < 0
            ? Take(SqlTokenKind.Symbol, start, start + 1)
            : Take(SqlTokenKind.DollarString, start, TokenScanner.DollarStringEnd(_text, start, tagEnd), OpenConstruct.DollarString);
    }

    // psql takes ":name" for a variable of its own before it looks for an identifier, so "end" in a[lo:end] is not the key word.
    SqlToken NextColon(int start)
    {
        var next = At(start + 1);
        if (next is ':' or '=')
        {
            return Take(SqlTokenKind.Symbol, start, start + 2);
        }

        var end = start + 1;
        while (end < _text.Length && TokenScanner.ContinuesTag(_text[end]))
        {
            end++;
        }

        return end == start + 1 ? Take(SqlTokenKind.Symbol, start, end) : Take(SqlTokenKind.Variable, start, end);
    }

    // Junk after a number ("1abc") is an error to the server since 15; for the splitter it is part of the number.
    SqlToken NextNumber(int start)
    {
        var end = start;
        while (char.IsAsciiDigit(At(end)))
        {
            end++;
        }

        if (TokenScanner.StartsName(At(end)))
        {
            end = TokenScanner.NameEnd(_text, end);
        }

        return Take(SqlTokenKind.Number, start, end);
    }
}
