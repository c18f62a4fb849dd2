using System.Text;

namespace VividShift.Migrations.Sql;

/// <summary>
/// Cuts a text into statements where psql does (its main loop, src/bin/psql/mainloop.c): at semicolons outside of quotes, comments,
/// parentheses and BEGIN ATOMIC bodies, with the data of COPY ... FROM STDIN taken out.
/// </summary>
ref struct SqlSplitter
{
    readonly string _text;
    readonly StatementClassifier _classifier;
    readonly int _lastLineBreak;
    readonly List<SqlStatement> _statements = [];
    readonly List<SqlProblem> _problems = [];
    SqlLexer _lexer;
    AtomicBody _body;
    int _start = -1;
    int _end;
    int _parentheses;
    int _parenthesisAt;
    int _resumeAt = -1;
    int _countedTo;
    long _countedBytes;

    /// <summary>A splitter for a text.</summary>
    public SqlSplitter(string text, bool standardConformingStrings, StatementClassifier classifier)
    {
        _text = text;
        _classifier = classifier;
        _lastLineBreak = text.LastIndexOf('\n');

        // psql skips a byte order mark; elsewhere the character is part of a name.
        _lexer = new(text, text.StartsWith('\uFEFF') ? 1 : 0, standardConformingStrings);
    }

    /// <summary>Splits the text.</summary>
    public (IReadOnlyList<SqlStatement> Statements, IReadOnlyList<SqlProblem> Problems) Split()
    {
        while (true)
        {
            var token = _lexer.Next();
            if (token.Kind == SqlTokenKind.End)
            {
                if (!TakeData())
                {
                    break;
                }
            }
            else if (token.Kind == SqlTokenKind.Backslash)
            {
                TakeMetaCommand(token.Start);
            }
            else if (_lexer.SymbolOf(token) == ';' && _parentheses == 0 && _body.Depth == 0)
            {
                Close(token.Start);
            }
            else
            {
                Take(token);
            }
        }

        Finish();
        return (_statements, [.. _problems.OrderBy(problem => problem.Offset)]);
    }

    void Take(SqlToken token)
    {
        if (_start < 0)
        {
            _start = token.Start;
        }

        _end = token.End;
        switch (_lexer.SymbolOf(token))
        {
            case '(':
                _parenthesisAt = _parentheses++ == 0 ? token.Start : _parenthesisAt;
                break;
            case ')':
                _parentheses = Math.Max(0, _parentheses - 1);
                break;
            case '\0' when token.Kind == SqlTokenKind.Word:
                _body.Word(_lexer.TextOf(token), token.Start, _parentheses > 0);
                break;
        }
    }

    void Close(int semicolon)
    {
        if (_start >= 0)
        {
            Add(semicolon);
        }

        _start = -1;
        _parentheses = 0;
        _body = default;
    }

    void Add(int semicolon)
    {
        var conforming = _lexer.StandardConformingStrings;
        var kind = _classifier.Classify(_text.AsSpan(_start.._end), conforming);
        _lexer.StandardConformingStrings = kind.StandardConformingStrings;
        var data = kind.Command == "COPY FROM STDIN" ? DataAfter(semicolon) : (InlineData?)null;
        var byteOffset = BytesTo(_start);
        _statements.Add(new(_text, kind, conforming)
        {
            Offset = _start,
            Length = _end - _start,
            ByteOffset = byteOffset,
            ByteLength = BytesTo(_end) - byteOffset,
            DataOffset = data?.Start,
            DataLength = data is { } lines ? lines.End - lines.Start : 0,
        });
    }

    // The data begins on the line after the COPY, though SQL may go on after the semicolon: psql executes as soon as it sees one,
    // and the server then asks for the lines that psql has not read yet.
    InlineData DataAfter(int semicolon)
    {
        if (_resumeAt < 0)
        {
            if (semicolon > _lastLineBreak)
            {
                return new(_text.Length, _text.Length, _text.Length);
            }

            _lexer.Limit = _text.IndexOf('\n', semicolon);
            _resumeAt = _lexer.Limit + 1;
        }

        var data = InlineData.From(_text, _resumeAt);
        _resumeAt = data.Resume;
        return data;
    }

    // True when the end reached was that of a line with data after it.
    bool TakeData()
    {
        if (_resumeAt < 0)
        {
            return false;
        }

        if (_start >= 0 || _lexer.Open != OpenConstruct.None)
        {
            _problems.Add(SqlProblem.Copy(_start >= 0 ? _start : _lexer.OpenedAt));
            Close(_end);
        }

        _lexer.Limit = _text.Length;
        _lexer.Position = _resumeAt;
        _resumeAt = -1;
        return true;
    }

    void TakeMetaCommand(int backslash)
    {
        var command = MetaCommand.At(_text.AsSpan(0, _lexer.Limit), backslash);
        _lexer.Position = command.End;
        if (!command.Harmless || _start >= 0)
        {
            _problems.Add(SqlProblem.Meta(backslash, command.Name));
        }
    }

    void Finish()
    {
        if (_lexer.Open != OpenConstruct.None)
        {
            var opening = _text.AsSpan(_lexer.OpenedAt);
            var tagEnd = _lexer.Open == OpenConstruct.DollarString ? TokenScanner.DollarTagEnd(opening, 0) : 0;
            _problems.Add(SqlProblem.Unterminated(_lexer.Open, _lexer.OpenedAt, opening[..tagEnd].ToString()));
        }
        else if (_body.Depth > 0)
        {
            _problems.Add(SqlProblem.Body(_body.OpenedAt));
        }
        else if (_parentheses > 0)
        {
            _problems.Add(SqlProblem.Parenthesis(_parenthesisAt));
        }

        if (_text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul)
        {
            _problems.Add(SqlProblem.Nul(nul));
        }

        Close(_text.Length);
    }

    long BytesTo(int offset)
    {
        _countedBytes += Encoding.UTF8.GetByteCount(_text.AsSpan(_countedTo..offset));
        _countedTo = offset;
        return _countedBytes;
    }
}
