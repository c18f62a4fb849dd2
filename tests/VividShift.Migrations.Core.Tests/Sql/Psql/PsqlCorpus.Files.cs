namespace VividShift.Migrations.Core.Tests.Sql.Psql;

static partial class PsqlCorpus
{
    /// <summary>Scripts that stop in the middle: psql sends what it has at the end of the file.</summary>
    static readonly string[] Unfinished =
    [
        "select 1; select 'a;", "select 1; select E'a\\';", "select 1; select \"a;", "select 1; select $$a;",
        "select 1; select $a$ ; $A$", "select 1; select U&'a;", "select 1; select X'a;", "select 1; select (2; 3",
        "select 1; /* a; /* b; */", "select 1; select 2 /* ;", "create function f() begin atomic select 1; select 2;",
        "select 1; select 'a;\n\n", "select 1; select $$;\n",
    ];

    static IEnumerable<string> Files() =>
    [
        string.Empty, " ", "\n\n", "\r\n", "\r", ";", ";;\n;", "-- a", "-- a;\n", "/* a; */", "/* a; */;", "\uFEFFselect 1;",
        "\uFEFF-- a\nselect 1", "\uFEFF", "select 1;\uFEFF select 2;", "select 1;select 2;select 3", "select 1\n;\nselect 2\n;",
        "select 1;\r\n-- a\r\nselect 2;\r\n", "select 1;\rselect 2;\r", "select 1\n\n\n;\n\n\nselect 2", "begin;\nselect 1;\ncommit;\n",
        "set standard_conforming_strings = off;\nselect 'a\\';b';\nset standard_conforming_strings to 'on';\nselect '\\'; select 2;",
        "set standard_conforming_strings = off;\nselect E'\\';', N'\\';', U&'\\', B'\\', $$\\$$, \"\\\";\nselect 'a'\n'\\';b';",
        "copy t from stdin;\n1\ta;b\n2\t'\n\\.\nselect 1;", "copy t (a, b) from stdin with (format csv);\r\n1,2\r\n\\.\r\nselect 1;\r\n",
        "copy t from stdin;\n1\n\\.x\n \\.\n2", "copy t from stdin;\n1\n\\.", "copy t from stdin;\n\\.\nselect 1", "copy t from stdin",
        "copy t from stdin;", "copy t from stdin;\n\n\n\\.\n;",
        "copy a from stdin; copy b from stdin; select 'x'; -- first ; second\n1\n\\.\n2\n\\.\nselect 3;",
        "copy a from stdin; -- data\n1\n\\.\n", "copy a from stdin; copy b from stdin;\n1", "copy t from stdout;\n1\n\\.\n",
        "copy t from 'stdin';\nselect 1;", "copy t to stdout;\nselect 1;", "copy (select 1 from stdin) to stdout;\nselect 1;",
        "copy binary t from stdin;\n1\n\\.\n", "copy \"from\" from /* here */ stdin with (format csv);\n1\n\\.\nselect 1;",
        "copy t from stdin\n;\n1\n\\.\nselect 2;", "copy t from stdin /* a\nb */;\nä;😀\n\\.\nselect 1;",
        "\\restrict AbC123\n\nset a = 1;\ncopy t from stdin;\n1\n\\.\n\n\\unrestrict AbC123\n",
        "-- dump\n\\restrict x1\r\nselect 1;\r\n\\unrestrict x1\r\n", "select 1;\n\\restrict abc\nselect 2;\n\\unrestrict abc\nselect 3",
        """
        -- A migration as one writes it.
        CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

        CREATE TABLE IF NOT EXISTS users (
            id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
            email text NOT NULL UNIQUE, -- lower case; always
            created_at timestamptz NOT NULL DEFAULT now()
        );

        CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$
        BEGIN
            NEW.updated_at = now(); -- 'quoted;
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql;

        /* Batches; so that no lock is held long. */
        DO $do$
        DECLARE n int;
        BEGIN
            LOOP
                UPDATE users SET email = lower(email) WHERE email <> lower(email);
                GET DIAGNOSTICS n = ROW_COUNT;
                EXIT WHEN n = 0;
                COMMIT;
            END LOOP;
        END
        $do$;

        COMMENT ON TABLE users IS 'People; and robots.'
        """,
    ];
}
