using System.Globalization;

namespace VividShift.Migrations.PowerShell.Tests.Traps;

/// <summary>
/// A query as PostgreSQL understood it (<c>debug_print_parse</c>): nodes in braces with a name and fields, lists in parentheses, words. What is
/// wanted of it is which functions, operators, relations and types the names of the text came to.
/// </summary>
sealed class ParseTree
{
    readonly string _text;
    int _at;

    ParseTree(string text) => _text = text;

    /// <summary>A node; fields by their name, each a list of words, lists and nodes.</summary>
    public sealed record Node(string Name, Dictionary<string, List<object>> Fields)
    {
        public uint? Oid(string field) =>
            Fields.GetValueOrDefault(field) is [string word, ..] && uint.TryParse(word, CultureInfo.InvariantCulture, out var oid) ? oid : null;

        public IReadOnlyList<object> List(string field) => Fields.GetValueOrDefault(field) is [List<object> list, ..] ? list : [];

        /// <summary>This node and all below it.</summary>
        public IEnumerable<Node> All() => Fields.Values.SelectMany(Below).Prepend(this);

        static IEnumerable<Node> Below(object value) => value switch
        {
            Node node => node.All(),
            List<object> list => list.SelectMany(Below),
            _ => [],
        };

        /// <summary>The type of the value, as it was before the server made it fit without being told to.</summary>
        public uint? TypeBeforeCoercion()
        {
            var isImplicit = (Name, Oid("relabelformat") ?? Oid("coerceformat") ?? Oid("funcformat")) is ("RELABELTYPE" or "COERCEVIAIO" or "FUNCEXPR", 2);
            if (isImplicit && (Fields.GetValueOrDefault("arg") ?? [.. List("args")]) is [Node inner, ..])
            {
                return inner.TypeBeforeCoercion();
            }

            return Name is "BOOLEXPR" or "NULLTEST" or "BOOLEANTEST" ? 16
                : Oid("vartype") ?? Oid("consttype") ?? Oid("paramtype") ?? Oid("funcresulttype") ?? Oid("opresulttype") ?? Oid("resulttype")
                    ?? Oid("aggtype") ?? Oid("casetype") ?? Oid("coalescetype") ?? Oid("array_typeid") ?? Oid("minmaxtype") ?? Oid("refrestype");
        }
    }

    /// <summary>Reads one.</summary>
    public static Node Parse(string text) => (Node)new ParseTree(text).Value()!;

    object? Value()
    {
        SkipBlanks();
        return _text[_at] switch
        {
            '{' => ReadNode(),
            '(' => ReadList(),
            _ => Word(),
        };
    }

    Node ReadNode()
    {
        _at++;
        var node = new Node(Word(), []);
        string? field = null;
        while (true)
        {
            SkipBlanks();
            if (_text[_at] == '}')
            {
                _at++;
                return node;
            }

            if (_text[_at] == ':')
            {
                _at++;
                field = Word();
                node.Fields[field] = [];
            }
            else
            {
                node.Fields[field!].Add(Value()!);
            }
        }
    }

    List<object> ReadList()
    {
        _at++;
        var list = new List<object>();
        while (true)
        {
            SkipBlanks();
            if (_text[_at] == ')')
            {
                _at++;
                return list;
            }

            list.Add(Value()!);
        }
    }

    // A backslash hides what follows it; a text is in double quotes.
    string Word()
    {
        var start = _at;
        var quoted = _text[_at] == '"';
        _at++;
        while (_at < _text.Length && (quoted ? _text[_at - 1] != '"' || _at - 1 == start : !" \n\t(){}".Contains(_text[_at], StringComparison.Ordinal)))
        {
            _at += _text[_at] == '\\' ? 2 : 1;
        }

        return _text[start..Math.Min(_at, _text.Length)];
    }

    void SkipBlanks()
    {
        while (_text[_at] is ' ' or '\n' or '\t')
        {
            _at++;
        }
    }
}
