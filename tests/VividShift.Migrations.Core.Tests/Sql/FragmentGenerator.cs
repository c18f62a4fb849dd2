using FsCheck;
using FsCheck.Fluent;

namespace VividShift.Migrations.Core.Tests.Sql;

/// <summary>Random scripts out of real fragments.</summary>
static class FragmentGenerator
{
    static readonly string[] Blanks =
    [
        " ", "\n", "\r\n", "\t", "\n\n", " -- a; 'b $$ /*\n", "/* a; 'b $$ -- */", "/* a; /* b; */ c; */", "--\n", "-- ü😀;\r\n", "\r",
        " /**/ ",
    ];

    static readonly string[] Tokens =
    [
        "select", "a", "b$1", "'c;d'", "'it''s;'", @"E'\';'", "U&'\\0041;'", "B'01;'", "N';'", "\"e;f\"", "\"g\"\"h;\"", "$$i;j$$",
        "$k$l;$$m;$k$", "$тег$;$тег$", "1", "1.5", "$1", "(", ")", ",", "::int", "@", "*", "->>", "+ -", "=", ".", "[1:2]", ":v", "case",
        "end", "begin", "ü", "😀", "(a; b)", "from t", "insert into s.t", "e", "x", "u",
    ];

    static readonly string[] Wholes =
    [
        "create function f() returns int begin atomic select case 1 when 1 then 2 end; select 3; end", "do $$ begin perform ';'; end $$",
        "do 'begin null; end' language plpgsql", "do E'begin\\n commit; end'",
        "create rule r as on insert to t do (delete from a; delete from b)", "begin", "commit",
        "create table t (a int, b text default ';')", "copy t to stdout", "set search_path = a", "select 1;;",
    ];

    // No backslash: outside of quotes psql runs what follows.
    static readonly string[] Soup =
    [
        "'", "\"", "$$", "$a$", "$a", "a$", "/*", "*/", "--", "\n", "\r\n", ";", ";\n", "(", ")", "E'", "e", "U&'", "U&\"", "B'", "x'",
        "N'", "begin", "end", "case", "create function f() ", "create ", "or ", "replace ", "procedure ", " ", "-", "/", "*", "+", "@",
        ":", ":a", "::", "1", ".", "$", "$1", "ü", "😀", "_", "select ", "E'b'", "'a'", "\"b\"", "$a$;$a$", "\t",
    ];

    const string CopyWithData = "copy t from stdin;\n1;'\n2\t$$\n\\.\n";

    static readonly Gen<string> Blank = Gen.Elements(Blanks);

    static readonly Gen<string> Composed =
        from count in Gen.Choose(1, 12)
        from parts in Gen.ArrayOf(Gen.Elements(Tokens), count)
        from blanks in Gen.ArrayOf(Blank, count)
        select $"select {string.Concat(parts.Zip(blanks, (part, blank) => part + blank))}";

    static readonly Gen<string> Statement = Gen.Frequency((4, Balanced(Composed)), (1, Gen.Elements(Wholes)));

    /// <summary>Statements with comments and white space between them; a COPY with data here and there.</summary>
    public static Gen<string> Scripts { get; } =
        from count in Gen.Choose(0, 8)
        from statements in Gen.ArrayOf(Gen.Frequency((9, Terminated(Statement)), (1, Gen.Constant(CopyWithData))), count)
        from last in Gen.OneOf(Gen.Constant(string.Empty), Statement, Blank)
        select string.Concat(statements) + last;

    /// <summary>Tokens at random, most of them the beginning of something that has no end.</summary>
    public static Gen<string> Soups { get; } =
        from count in Gen.Choose(1, 40)
        from parts in Gen.ArrayOf(Gen.Elements(Soup), count)
        select string.Concat(parts);

    static Gen<string> Terminated(Gen<string> statement) =>
        from before in Blank
        from text in statement
        from after in Blank
        select $"{before}{text}{after};\n";

    // A script that opens a parenthesis and never closes it is a problem, not a list of statements.
    static Gen<string> Balanced(Gen<string> statement) =>
        from text in statement
        select text + new string(')', text.Count(c => c == '('));
}
