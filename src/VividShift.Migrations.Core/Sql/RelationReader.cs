namespace VividShift.Migrations.Sql;

/// <summary>Finds the relations that a statement names, command by command; queries inside are left to <see cref="QueryReader"/>.</summary>
ref struct RelationReader
{
    RelationCursor _cursor;

    /// <summary>A reader for a statement.</summary>
    /// <param name="statement">Its text.</param>
    /// <param name="start">The offset of the token after the command's words.</param>
    /// <param name="standardConformingStrings">How its plain literals are read.</param>
    public RelationReader(ReadOnlySpan<char> statement, int start, bool standardConformingStrings) =>
        _cursor = new(statement, start, standardConformingStrings);

    /// <summary>The main command of a statement that begins with WITH; null until it is read, or when there is none.</summary>
    public string? Verb { get; private set; }

    /// <summary>The relations of a statement with this command.</summary>
    public IReadOnlyList<string> Read(string command)
    {
        switch (command)
        {
            case "CREATE TABLE" or "CREATE FOREIGN TABLE" or "CREATE VIEW" or "CREATE MATERIALIZED VIEW" or "CREATE SEQUENCE":
            case "ALTER TABLE" or "ALTER FOREIGN TABLE" or "ALTER VIEW" or "ALTER MATERIALIZED VIEW" or "ALTER SEQUENCE" or "ALTER INDEX":
                TakeDefinition();
                break;
            case "DROP TABLE" or "DROP FOREIGN TABLE" or "DROP VIEW" or "DROP MATERIALIZED VIEW" or "DROP SEQUENCE" or "DROP INDEX":
            case "DROP INDEX CONCURRENTLY":
                _cursor.SkipIfExists();
                _cursor.TakeNames();
                break;
            case "CREATE INDEX" or "CREATE INDEX CONCURRENTLY":
            case "CREATE TRIGGER" or "ALTER TRIGGER" or "DROP TRIGGER" or "ALTER RULE" or "DROP RULE" or "DROP POLICY":
                TakeTableAfter("ON");
                if (_cursor.Accept("FROM"))
                {
                    _cursor.TakeName();
                }

                break;
            case "CREATE POLICY" or "ALTER POLICY":
                TakeTableAfter("ON");
                ReadQueries(null);
                break;
            case "CREATE RULE":
                TakeTableAfter("TO");
                ReadQueries(null);
                break;
            case "CREATE STATISTICS":
                TakeTableAfter("FROM");
                break;
            case "CREATE PUBLICATION" or "ALTER PUBLICATION":
                if (_cursor.SkipPast("TABLE"))
                {
                    _cursor.TakeNames();
                }

                break;
            case "COMMENT" or "SECURITY LABEL":
                TakeObject();
                break;
            case "GRANT" or "REVOKE":
                TakeGranted();
                break;
            case "TRUNCATE" or "LOCK TABLE":
                _cursor.TakeNames();
                break;
            case "COPY FROM STDIN" or "COPY FROM" or "COPY TO" or "COPY TO STDOUT":
                TakeCopied();
                break;
            case "VACUUM" or "ANALYZE" or "CLUSTER" or "REFRESH MATERIALIZED VIEW" or "REFRESH MATERIALIZED VIEW CONCURRENTLY":
            case "REINDEX TABLE" or "REINDEX INDEX" or "REINDEX TABLE CONCURRENTLY" or "REINDEX INDEX CONCURRENTLY":
                TakeMaintained(command);
                break;
            case "SELECT" or "INSERT" or "UPDATE" or "DELETE" or "MERGE" or "VALUES" or "TABLE":
                ReadQueries(command);
                break;
            case "WITH" or "EXPLAIN" or "PREPARE" or "DECLARE" or "CREATE SCHEMA":
                ReadQueries(command);
                break;
        }

        return _cursor.Found();
    }

    void ReadQueries(string? previous)
    {
        var reader = new QueryReader(previous);
        reader.Read(ref _cursor);
        Verb = reader.Verb;
    }

    void TakeDefinition()
    {
        _cursor.SkipIfExists();
        if (_cursor.Word == "ALL")
        {
            return;
        }

        _cursor.Accept("ONLY");
        _cursor.TakeName();
        ReadQueries(null);
    }

    void TakeTableAfter(string word)
    {
        if (_cursor.SkipPast(word))
        {
            _cursor.Accept("ONLY");
            _cursor.TakeName();
        }
    }

    void TakeObject()
    {
        if (!_cursor.SkipPast("ON"))
        {
            return;
        }

        switch (_cursor.Word)
        {
            case "MATERIALIZED" or "FOREIGN" or "TABLE" or "VIEW" or "INDEX" or "SEQUENCE":
                var foreign = _cursor.Accept("FOREIGN");
                _cursor.Accept("MATERIALIZED");
                var wrapper = foreign && _cursor.Word != "TABLE";
                _cursor.Advance();
                if (!wrapper)
                {
                    _cursor.TakeName();
                }

                break;
            case "COLUMN":
                _cursor.Advance();
                TakeOwnerOfColumn();
                break;
            case "TRIGGER" or "RULE" or "POLICY" or "CONSTRAINT":
                if (_cursor.SkipPast("ON") && _cursor.Word != "DOMAIN")
                {
                    _cursor.TakeName();
                }

                break;
        }
    }

    void TakeOwnerOfColumn()
    {
        if (_cursor.ReadName() is { } name && name.LastIndexOf('.') is > 0 and var dot)
        {
            _cursor.Add(name[..dot]);
        }
    }

    void TakeGranted()
    {
        if (!_cursor.SkipPast("ON"))
        {
            return;
        }

        switch (_cursor.Word)
        {
            case "ALL" or "DATABASE" or "DOMAIN" or "FOREIGN" or "FUNCTION" or "LANGUAGE" or "LARGE" or "PARAMETER" or "PROCEDURE":
            case "ROUTINE" or "SCHEMA" or "TABLESPACE" or "TYPE":
                return;
            case "TABLE" or "SEQUENCE":
                _cursor.Advance();
                break;
        }

        _cursor.TakeNames();
    }

    void TakeCopied()
    {
        if (_cursor.Symbol == '(')
        {
            ReadQueries(null);
            return;
        }

        _cursor.Accept("BINARY");
        _cursor.TakeName();
    }

    void TakeMaintained(string command)
    {
        _cursor.SkipParentheses();
        while (_cursor.Word is "FULL" or "FREEZE" or "VERBOSE" or "ANALYZE" or "ANALYSE" or "CONCURRENTLY")
        {
            _cursor.Advance();
        }

        if (command != "CLUSTER")
        {
            _cursor.TakeNames();
            return;
        }

        // The old form is CLUSTER index ON table.
        var name = _cursor.ReadName();
        if (_cursor.Accept("ON"))
        {
            name = _cursor.ReadName();
        }

        _cursor.Add(name);
    }
}
