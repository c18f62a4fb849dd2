namespace VividShift.Migrations.Sql;

/// <summary>
/// Finds relations in queries and in the definitions around them: FROM and JOIN lists, the targets of INSERT, UPDATE, DELETE and
/// MERGE, REFERENCES, INHERITS, partitions. Each level of parentheses is a frame of its own, so that the FROM of
/// <c>extract(year FROM d)</c> is told from that of a query.
/// </summary>
ref struct QueryReader
{
    Stack<Frame>? _outer;
    Frame _frame;
    string? _previous;

    /// <summary>A reader.</summary>
    /// <param name="command">The command whose first word has already been read; null when none counts.</param>
    public QueryReader(string? command)
    {
        _previous = command;
        if (command is "SELECT" or "INSERT" or "UPDATE" or "DELETE" or "MERGE" or "VALUES")
        {
            Begin(command);
        }
    }

    /// <summary>The first command outside of parentheses.</summary>
    public string? Verb { get; private set; }

    struct Frame
    {
        public string? Verb;
        public bool Query;
        public bool From;
        public bool Joined;
        public bool With;
    }

    /// <summary>Reads to the end.</summary>
    public void Read(ref RelationCursor cursor)
    {
        switch (_previous)
        {
            case "UPDATE":
                TakeTarget(ref cursor);
                break;
            case "TABLE":
                cursor.TakeName();
                break;
            case "WITH":
                TakeCommonTable(ref cursor);
                break;
        }

        while (!cursor.AtEnd)
        {
            var word = cursor.Word;
            var symbol = cursor.Symbol;
            if (word is not null)
            {
                cursor.Advance();
                _previous = TakeWord(ref cursor, word) ? word : string.Empty;
            }
            else if (symbol != '\0')
            {
                cursor.Advance();
                _previous = TakeSymbol(ref cursor, symbol);
            }
            else
            {
                cursor.Advance();
                _previous = string.Empty;
            }
        }
    }

    string TakeSymbol(ref RelationCursor cursor, char symbol)
    {
        switch (symbol)
        {
            case '(':
                (_outer ??= new()).Push(_frame);
                _frame = default;
                return "(";
            case ')':
                _frame = _outer is { Count: > 0 } ? _outer.Pop() : _frame;
                return ")";
            case ';':
                _frame = default;
                return ";";
            case ',' when _frame.With:
                TakeCommonTable(ref cursor);
                return string.Empty;
            case ',' when _frame.From:
                TakeReference(ref cursor);
                return string.Empty;
            default:
                return symbol == ',' ? "," : string.Empty;
        }
    }

    // True when the word itself is what the next token follows; false when names were read after it.
    bool TakeWord(ref RelationCursor cursor, string word)
    {
        switch (word)
        {
            case "SELECT" or "INSERT" or "VALUES" or "MERGE":
            case "DELETE" when _previous != "ON":
                Begin(word);
                return true;
            case "UPDATE" when BeginsCommand() && cursor.Word is not ("SET" or "OF"):
                Begin(word);
                return TakeTarget(ref cursor);
            case "TABLE" when _frame.Verb is not null || BeginsCommand():
                cursor.TakeName();
                return false;
            case "WITH":
                return TakeCommonTable(ref cursor);
            case "INTO" when _previous is "INSERT" or "MERGE" || (_frame.Verb == "SELECT" && !_frame.From):
                return TakeTarget(ref cursor);
            case "FROM" when _frame.Query && _previous != "DISTINCT":
                _frame.From = true;
                return TakeReference(ref cursor);
            case "USING" when _frame.From && !_frame.Joined && _frame.Verb is "DELETE" or "MERGE":
                return TakeReference(ref cursor);
            case "JOIN" when _frame.From:
                _frame.Joined = true;
                return TakeReference(ref cursor);
            case "WHERE" or "GROUP" or "ORDER" or "HAVING" or "LIMIT" or "OFFSET" or "FETCH" or "WINDOW" or "RETURNING" or "SET" or "FOR":
            case "UNION" or "INTERSECT" or "EXCEPT":
                _frame.From = false;
                return true;
            default:
                return !TakeDefinition(ref cursor, word);
        }
    }

    bool TakeDefinition(ref RelationCursor cursor, string word)
    {
        switch (word)
        {
            case "REFERENCES":
            case "LIKE" when _previous is "(" or ",":
            case "INHERIT":
            case "PARTITION" when _previous is "ATTACH" or "DETACH":
            case "OF" when _previous == "PARTITION":
                cursor.TakeName();
                return true;
            case "TABLE" or "VIEW" or "SEQUENCE" when _previous == "CREATE":
                cursor.SkipIfExists();
                cursor.TakeName();
                return true;
            case "INHERITS" when cursor.Symbol == '(':
                cursor.Advance();
                cursor.TakeNames();
                return true;
            case "BY" when _previous == "OWNED":
                if (cursor.ReadName() is { } column && column.LastIndexOf('.') is > 0 and var dot)
                {
                    cursor.Add(column[..dot]);
                }

                return true;
            default:
                return false;
        }
    }

    readonly bool BeginsCommand() => _previous is null or "(" or ")" or ";" or "AS" or "DO" or "ALSO" or "INSTEAD"
        or "EXPLAIN" or "ANALYZE" or "ANALYSE" or "VERBOSE" or "PREPARE";

    void Begin(string verb)
    {
        _frame.Verb = verb;
        _frame.With = false;
        _frame.From = false;
        _frame.Query |= verb is "SELECT" or "DELETE" or "UPDATE";
        Verb ??= _outer is null or { Count: 0 } ? verb : null;
    }

    bool TakeTarget(ref RelationCursor cursor)
    {
        while (cursor.Word is "ONLY" or "TEMP" or "TEMPORARY" or "UNLOGGED" or "TABLE")
        {
            cursor.Advance();
        }

        cursor.TakeName();
        _frame.From = _frame.Verb == "MERGE";
        return false;
    }

    bool TakeReference(ref RelationCursor cursor)
    {
        while (true)
        {
            while (cursor.Word is "ONLY" or "LATERAL" or "TABLE")
            {
                cursor.Advance();
            }

            if (cursor.Symbol != '(')
            {
                break;
            }

            (_outer ??= new()).Push(_frame);
            _frame = default;
            _previous = "(";
            cursor.Advance();
            if (cursor.Word is "SELECT" or "WITH" or "VALUES")
            {
                return false;
            }

            _frame.Query = _frame.From = true;
        }

        // A name with a parenthesis after it is a function, and ROWS FROM (...) is a list of them.
        var name = cursor.ReadName();
        if (cursor.Symbol != '(' && !(name == "rows" && cursor.Word == "FROM"))
        {
            cursor.Add(name);
        }

        return false;
    }

    bool TakeCommonTable(ref RelationCursor cursor)
    {
        cursor.Accept("RECURSIVE");
        var name = cursor.ReadName();
        if (name is not null && (cursor.Symbol == '(' || cursor.Word == "AS"))
        {
            _frame.With = true;
            cursor.Exclude(name);
        }

        return name is null;
    }
}
