namespace VividShift.Migrations.Core.Tests.Sql.Psql;

/// <summary>Scripts on which splitters go wrong, and ordinary ones. psql says what is right, so none states a result.</summary>
static partial class PsqlCorpus
{
    /// <summary>
    /// All scripts: each fragment alone, between two other statements, and with Windows line ends; then the whole files.
    /// </summary>
    public static IReadOnlyList<string> Scripts =>
    [
        .. Fragments(),
        .. Fragments().Select(fragment => $"select 'before';\n{fragment};\nselect 'after';\n"),
        .. Fragments().Select(fragment => $"\r\n{fragment.ReplaceLineEndings("\r\n")} ; -- done\r\n\r\nselect 'after'\r\n;\r\n"),
        .. Files(),
        .. Unfinished,
    ];

    static IEnumerable<string> Fragments() => [.. Quotes, .. Dollars, .. Comments, .. Bodies, .. Statements];

    static readonly string[] Quotes =
    [
        "select ''", "select ''''", "select 'a''b;c'", "select ';'", "select '--;'", "select '/*;'", "select '$$;'", "select '\"', \"'\"",
        "select '\n;\n'", "select '\n\n\n;'", "select 'a;' 'b;'", "select 'a;'\n'b;'", "select 'a;' -- c;\n 'b;'",
        "select 'a;'\n/* c; */ 'b;'", "select 'a;'\n-- c; 'd\n\t'b;'", "select 'a' - -1", "select 'a'\n- 1", "select 'a'\n-- x\n- 1",
        @"select '\'", @"select '\', 'a;b'", @"select E'\''", @"select E'\';'", @"select e'\\'", @"select E'\\\';'",
        @"select E'\n;\x41\u0041\U00000041\101;'", "select E'\\\n;'", "select E'a''b;\\''", @"select E'\x';', 'x'",
        @"select E'\1\';', 'x'", "select E'a'\n'b;'", "select E''", "select U&'\\0041;'", "select U&'a''b;\\'",
        "select u&'!0041;' uescape '!'", "select U&\"a;\"", "select U&\"a\"\"b;\"", "select u & 'a;'", "select U&1, u&''",
        "select B'01;'", "select b'0''1;'", "select X'1F;'", "select x'1'\n'F;'", "select N'a;'", "select n'a''b;'", "select xE'a;'",
        "select nE'a;b'", "select ae'\\', 'b;'", "select \"a;b\"", "select \"a\"\"b;\"", "select \"\"\"\"", "select \"--\", \"/*\"",
        "select \"\\\"", "select \"a\n;b\"", "select 'ä;ö' as \"ü;\"", "select '😀;' as 😀", "select 'a\u2028;b'", "select 'e' 'f'",
        "select _e'a;'", "select date'2020-01-01', interval'1;day'", "select 1'a;'", "select $1'a;'", "select 'a;'::text||'b;'",
        "select 'a'\n\n\n'b;'",
    ];

    static readonly string[] Dollars =
    [
        "select $$;$$", "select $$a'b;$$", "select $a$;$a$", "select $a$ $b$ ; $b$ $a$", "select $a$ $$ ; $$ $a$",
        "select $$ $a$ ; $a$ $$", "select $a$;$A$;$a$", "select $a$;$aa$;$a$", "select $a$;$a;$a$", "select $a$;a$;$ a$;$a$",
        "select $a$;xa$a$", "select $a$;$b$a$", "select $a$;$$a$", "select $_$;$_$", "select $_1a$;$_1a$", "select $тег$;$тег$",
        "select $ü$;$u$;$ü$", "select $😀$;$😀$", "select $ß_1$;$ß_1$", "select $1$, 2$", "select $1", "select $1$2$3", "select $1 $$;$$",
        "select $ 1", "select $a b", "select a$b, c", "select a$b$c, d$b$", "select a$$b, c$$", "select a$;", "select ä$$, b$$",
        "select _$$, b", "select $$$$", "select $$\n;\n$$", "select $a$\n\n;\n\n$a$", "select $$--$$, 1", "select $$/*$$, 1",
        "select $$\\$$, ';'", "select $body$ $1; $2; $body$", "select 1 $$;$$", "select ($$;$$)", "select 'a'$$;$$",
        "do $$ begin perform 1; end $$", "do $do$ begin execute $q$ select ';' $q$; end $do$",
        "do language plpgsql $$ begin null; end; $$",
        "create function f() returns int language sql as $$ select 1; select 2; $$ immutable",
        "create function f() returns trigger as $body$\nbegin\n  new.a := 'x;';\n  return new;\nend;\n$body$ language plpgsql",
    ];

    static readonly string[] Comments =
    [
        "-- a;\nselect 1", "select 1 -- a;", "select 1 -- a;\n, 2", "select 1 --", "select 1 --\n", "--\n--\nselect 1",
        "select 1 --a\r, 2 -- b;", "-- 'a\nselect 1", "-- $$\nselect 1", "-- /*\nselect 1 /* -- */", "/* a; */ select 1",
        "select 1 /* a; */", "select /* a; */ 1", "select 1 /**/", "select /*;*/ 1 /*/*;*/*/", "select /* /* a; */ b; */ 1",
        "select /* '; */ 1", "select /* $$; */ 1", "select /*/ a; */ 1", "select /* a; **/ 1", "select /***; ***/ 1",
        "select /* // /* ; */ */ 1", "select /*\n\n;\n*/ 1", "select /* -- */ 1", "select /* *//* ; */ 1",
        "select 1 /* a */ -- b\n /* c; */ + 1", "select 1+/* ; */1", "select 1 +-- ;\n1", "select @-- ;\n1", "select 1 <--;\n1",
        "select 1 */* ; */2", "select 1 ||/* ; */ 2", "select 1 -/* ; */1", "select 1 - - 1", "select 1 *-/* ; */1",
        "select 1 @-/* ; */ 1", "select 1 /-1", "select 1 / *", "select */ 1", "select 1 ->> 2 #>> 3 @> 4 <@ 5 ?| 6 ?& 7",
        "select 1 &&& 2", "/* a */ -- b\n/* c\n */\nselect 1", "select 1\n\n\n-- a\n\n, 2", "/* 😀; */ select 1", "--😀;\nselect 1",
    ];

    static readonly string[] Bodies =
    [
        "create function f() returns int begin atomic select 1; end",
        "create or replace function f() returns int begin atomic select 1; select 2; end",
        "create procedure p() begin atomic insert into t values (1); end", "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC; END",
        "create function f() begin atomic select case when a then 1 end; select 2; end",
        "create function f() begin atomic select (case 1 when 1 then 1 end); end",
        "create function f() begin atomic select case 1 when 1 then case 2 when 2 then 3 end end; end",
        "create function f() begin atomic select \"end\"; end", "create function f() begin atomic select 'end'; end",
        "create function f() begin atomic /* end; */ select 1; -- end;\n end", "create function f() begin atomic select $$end;$$; end",
        "create function f() begin atomic begin; end; end", "create function f(\"begin\" int) returns int return 1",
        "create function f(a int) return a[1:case]", "create /* c */ or -- d\n replace function f() begin atomic select 1; end",
        "create function \"begin\"() returns int return 1", "create function begin() returns int begin atomic end end",
        "create function case() returns int return 1", "create function f() return end", "create function if begin",
        "create temp function f() begin atomic select 1", "create table begin (case int)", "create view v as select 1 as begin",
        "create aggregate f (begin)", "begin", "begin work", "end", "commit", "select case when true then 1 end",
        "declare c cursor for select 1", "create function f() begin atomic select a[lo:end]; end",
        "create function f() begin atomic select 1::end; end", "create function f() begin atomic select N'a', e'end;'; end end",
        "create function f() begin atomic select begin$1; end", "create function f() begin atomic select x.end; select 2",
        "select create function f() begin",
    ];

    static readonly string[] Statements =
    [
        "select (1; 2)", "select ((1; 2); 3)", "select 1)", "select ) ; (", "select [1; 2]", "select {1; 2}",
        "create rule r as on insert to t do also (insert into a values (1); delete from b;)",
        "select :a, :'a', :\"a\", ::a, :=a, : a, :1, a:b, a::b", "select a[1:b], a[b:c], a[:], a[:b]", "select :'a;", "select :'a;'",
        "select :\"a;\"", "select :{a;b}", "select 1..2", "select 1.", "select .5.", "select 1e5, 1e+5, 1e-, 1e", "select 1.5e10",
        "select 1.e1", "select 0x1f, 0b1, 0o7, 1_000", "select a.b.c.*", "select a . b", "select 1 ~ 2 ! 3 @ 4 # 5 ^ 6 & 7 | 8 ` 9 ? 10",
        "select a=>1", "select a<=b, a>=b, a<>b, a!=b", "select a@b.c", "select ¤€", "select \u00a01", "select a,b\f,c",
        "insert into t values (1, 'a;b', $$c;d$$, \"e;f\", E'\\';', -1 /* ; */)", "set search_path = public, \"a;b\"",
        "set standard_conforming_strings = on", "alter table t add a text default ';'",
        "create table t (\n  id bigint generated always as identity primary key, -- the key;\n  name text not null check (name <> ';')\n)",
        "grant select on t to \"a;b\"", "listen a", "vacuum", "create index concurrently if not exists i on t (a) where a <> ';'",
        "alter type e add value ';' before 'b'", "comment on table t is 'it''s; here'", "explain (analyze, format json) select 1",
        "prepare p as select $1; execute p(';')", ";;; select 1 ;;;", "select\n\n1\n\n", "select\r1\r", "\t\f select 1 \f",
        "with a as (select 1), b as (select ';') select * from a, b", "values (';'), ($$;$$)",
    ];
}
