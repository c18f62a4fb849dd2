using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

/// <summary>Every problem that a database can have in itself, planted, and what has to be found of it.</summary>
static class SeededProblems
{
    /// <summary>Thresholds under which small tables and young counters count.</summary>
    public static readonly HealthThresholds Thresholds = new()
    {
        UnusedIndexAge = TimeSpan.Zero,
        UnusedIndexBytes = 100_000,
        BloatBytes = 1_000_000,
    };

    const string Rows = """
        CREATE TABLE parent (id bigint PRIMARY KEY);
        INSERT INTO parent SELECT generate_series(1, 10);
        CREATE TABLE "Order" (id bigint PRIMARY KEY, "Parent" bigint CONSTRAINT "Order_fkey" REFERENCES parent);
        CREATE INDEX ON "Order" ("Parent");
        CREATE TABLE line (id bigint PRIMARY KEY, parent_id bigint NOT NULL);
        CREATE INDEX ON line (parent_id);
        INSERT INTO line VALUES (1, 1), (2, 55);
        ALTER TABLE line ADD CONSTRAINT line_fkey FOREIGN KEY (parent_id) REFERENCES parent NOT VALID;
        CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b));
        INSERT INTO pair VALUES (1, 1);
        CREATE TABLE whole (id int PRIMARY KEY, a int, b int, CONSTRAINT whole_fkey FOREIGN KEY (a, b) REFERENCES pair MATCH FULL);
        CREATE INDEX ON whole (a, b);
        CREATE TABLE simple (id int PRIMARY KEY, a int NOT NULL, b int, CONSTRAINT simple_fkey FOREIGN KEY (a, b) REFERENCES pair);
        CREATE INDEX ON simple (a, b);
        CREATE TABLE tree (id int PRIMARY KEY, up int CONSTRAINT tree_fkey REFERENCES tree);
        CREATE INDEX ON tree (up);
        CREATE TABLE event (id int PRIMARY KEY, parent_id bigint CONSTRAINT event_fkey REFERENCES parent) PARTITION BY RANGE (id);
        CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (100);
        CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (100) TO (200);
        CREATE INDEX ON event (parent_id);
        CREATE TABLE guest (id int PRIMARY KEY, event_id int CONSTRAINT guest_fkey REFERENCES event);
        CREATE INDEX ON guest (event_id);
        CREATE TABLE country (code text COLLATE "C" PRIMARY KEY);
        CREATE TABLE city (id int PRIMARY KEY, code text CONSTRAINT city_fkey REFERENCES country);
        CREATE INDEX ON city (code);
        SET session_replication_role = replica;
        INSERT INTO "Order" VALUES (1, 1), (2, 99), (3, 99), (4, 77), (5, NULL);
        INSERT INTO whole VALUES (1, 1, 1), (2, 1, NULL), (3, 2, 2), (4, NULL, NULL);
        INSERT INTO simple VALUES (1, 1, 1), (2, 7, NULL), (3, 2, 2);
        INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 9);
        INSERT INTO event VALUES (1, 1), (101, 50);
        INSERT INTO guest VALUES (1, 1), (2, 150);
        INSERT INTO city VALUES (1, 'o''x');
        RESET session_replication_role;
        """;

    const string Constraints = """
        CREATE TABLE priced (id int PRIMARY KEY, price int);
        INSERT INTO priced VALUES (1, 5), (2, -1), (3, NULL);
        ALTER TABLE priced ADD CONSTRAINT price_positive CHECK (price > 0) NOT VALID;
        CREATE DOMAIN word AS text;
        CREATE TABLE said (id int PRIMARY KEY, w word);
        ALTER DOMAIN word ADD CONSTRAINT word_short CHECK (length(VALUE) < 9) NOT VALID;
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE watched (id int PRIMARY KEY, parent_id bigint CONSTRAINT watched_fkey REFERENCES parent);
        CREATE INDEX ON watched (parent_id);
        CREATE TRIGGER "Watch" BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION nothing();
        ALTER TABLE watched DISABLE TRIGGER ALL;
        INSERT INTO watched VALUES (1, 1), (2, 404);
        CREATE TRIGGER copied BEFORE INSERT ON said FOR EACH ROW EXECUTE FUNCTION nothing();
        ALTER TABLE said ENABLE REPLICA TRIGGER copied;
        CREATE FUNCTION nothing_more() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER "Watch all" ON ddl_command_start EXECUTE FUNCTION nothing_more();
        ALTER EVENT TRIGGER "Watch all" DISABLE;
        """;

    const string Indexes = """
        CREATE TABLE indexed (id int PRIMARY KEY, a int, b text, c int);
        INSERT INTO indexed SELECT i, i, md5(i::text), i FROM generate_series(1, 20000) i;
        CREATE INDEX twice_1 ON indexed (a, lower(b)) WHERE c > 5;
        CREATE INDEX twice_2 ON indexed (a, lower(b)) WHERE c > 5;
        CREATE INDEX not_twice ON indexed (a, lower(b)) WHERE c > 6;
        CREATE UNIQUE INDEX once ON indexed (c);
        CREATE INDEX beside_once ON indexed (c);
        CREATE INDEX shorter ON indexed (b);
        CREATE INDEX longer ON indexed (b, a);
        CREATE INDEX invalid_plain ON parent ((id + 1));
        CREATE UNIQUE INDEX invalid_unique ON parent ((id + 2));
        CREATE INDEX left_ccnew ON parent ((id + 3));
        UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('invalid_plain'::regclass, 'invalid_unique'::regclass, 'left_ccnew'::regclass);
        CREATE INDEX "Event id" ON ONLY event ((id + 1));
        CREATE TABLE slow (id int PRIMARY KEY, "Parent Id" bigint CONSTRAINT slow_fkey REFERENCES parent);
        CREATE TABLE halved (id int PRIMARY KEY, a int, b int, CONSTRAINT halved_fkey FOREIGN KEY (a, b) REFERENCES pair);
        CREATE INDEX ON halved (a);
        CREATE TABLE "Queue" (id int PRIMARY KEY, CONSTRAINT "Queue_alone" EXCLUDE USING btree (id WITH =));
        INSERT INTO "Queue" SELECT generate_series(1, 40000);
        DELETE FROM "Queue" WHERE id % 20 <> 0;
        VACUUM "Queue";
        INSERT INTO "Queue" SELECT generate_series(40001, 78000);
        DELETE FROM "Queue" WHERE id % 20 <> 0;
        VACUUM "Queue";
        INSERT INTO "Queue" SELECT generate_series(80001, 118000);
        ANALYZE "Queue";
        """;

    const string Tables = """
        CREATE TABLE keyless (n int);
        CREATE TABLE unkeyed (id int NOT NULL UNIQUE, row_id int);
        CREATE SEQUENCE wide;
        CREATE TABLE narrow (id integer PRIMARY KEY DEFAULT nextval('wide'));
        ALTER SEQUENCE wide OWNED BY narrow.id;
        SELECT setval('wide', 1700000000);
        CREATE TABLE identical (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        SELECT setval('identical_id_seq', 2100000000);
        CREATE TABLE "Late" (id bigserial PRIMARY KEY);
        INSERT INTO "Late" VALUES (100);
        CREATE SEQUENCE downwards INCREMENT -1;
        CREATE TABLE deep (id integer PRIMARY KEY DEFAULT nextval('downwards'));
        INSERT INTO deep VALUES (-7);
        CREATE TABLE bloated (id int PRIMARY KEY, filler text);
        ALTER TABLE bloated SET (autovacuum_enabled = false);
        INSERT INTO bloated SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i;
        DELETE FROM bloated WHERE id > 1000;
        ANALYZE bloated;
        """;

    const string Server = """
        CREATE EXTENSION hstore VERSION '1.4';
        CREATE COLLATION german (provider = icu, locale = 'de');
        CREATE TABLE sorted (id int PRIMARY KEY, name text COLLATE german, alone text COLLATE german, EXCLUDE USING btree (alone WITH =));
        CREATE INDEX sorted_name ON sorted (name);
        UPDATE pg_collation SET collversion = '1' WHERE collname = 'german';
        """;

    /// <summary>All of it that every version can have, as one script.</summary>
    public static string Sql => string.Join('\n', Rows, Constraints, Indexes, Tables, Server);

    /// <summary>What has to be found of it, and a piece of the evidence.</summary>
    static IReadOnlyList<(FindingSeverity Severity, string Rule, string Object, string Evidence)> Expected =>
    [
        (FindingSeverity.Error, "BrokenCheck", "public.priced.price_positive", "1 row, such as ('2')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.\"Order\".\"Order_fkey\"", "3 rows with 2 keys, such as ('99') 2 times, ('77')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.city.city_fkey", "1 row with the key ('o''x')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.event.event_fkey", "1 row with the key ('50')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.guest.guest_fkey", "1 row with the key ('150')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.line.line_fkey", "1 row with the key ('55'). The constraint is NOT VALID."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.simple.simple_fkey", "1 row with the key ('2', '2')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.tree.tree_fkey", "1 row with the key ('9')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.watched.watched_fkey", "1 row with the key ('404')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.whole.whole_fkey", "2 rows with 2 keys, such as ('1', NULL), ('2', '2')."),
        (FindingSeverity.Error, "DisabledForeignKey", "public.watched.watched_fkey", "of public.watched is disabled"),
        (FindingSeverity.Error, "InvalidIndex", "public.invalid_unique", "CREATE UNIQUE INDEX"),
        (FindingSeverity.Error, "SequenceBehindColumn", "public.\"Late_id_seq\"", "The next value is 1; the column has 100."),
        (FindingSeverity.Error, "SequenceBehindColumn", "public.downwards", "The next value is -1; the column has -7."),
        (FindingSeverity.Error, "SequenceNearEnd", "public.identical_id_seq", "97.8 % of the way to 2147483647"),
        (FindingSeverity.Warning, "AutovacuumDisabled", "public.bloated", "autovacuum_enabled = false"),
        (FindingSeverity.Warning, "BloatedIndex", "public.\"Queue_alone\"", "An estimate from statistics"),
        (FindingSeverity.Warning, "BloatedIndex", "public.\"Queue_pkey\"", "An estimate from statistics"),
        (FindingSeverity.Warning, "BloatedTable", "public.bloated", "An estimate from statistics"),
        (FindingSeverity.Warning, "CollationVersionMismatch", "collation public.german", "Made with version 1"),
        (FindingSeverity.Warning, "DisabledTrigger", "\"Watch all\"", "is disabled"),
        (FindingSeverity.Warning, "DisabledTrigger", "public.said.copied", "fires for replicated changes only"),
        (FindingSeverity.Warning, "DisabledTrigger", "public.watched.\"Watch\"", "is disabled"),
        (FindingSeverity.Warning, "DuplicateIndex", "public.beside_once", "CREATE INDEX beside_once"),
        (FindingSeverity.Warning, "DuplicateIndex", "public.twice_2", "CREATE INDEX twice_2"),
        (FindingSeverity.Warning, "ForeignKeyWithoutIndex", "public.halved.halved_fkey", "public.halved has 0 B."),
        (FindingSeverity.Warning, "ForeignKeyWithoutIndex", "public.slow.slow_fkey", "public.slow has 0 B."),
        (FindingSeverity.Warning, "InvalidIndex", "public.\"Event id\"", "ON ONLY public.event"),
        (FindingSeverity.Warning, "InvalidIndex", "public.invalid_plain", "CREATE INDEX invalid_plain"),
        (FindingSeverity.Warning, "InvalidIndex", "public.left_ccnew", "CREATE INDEX left_ccnew"),
        (FindingSeverity.Warning, "NoPrimaryKey", "public.keyless", "No columns of it are unique"),
        (FindingSeverity.Warning, "NoPrimaryKey", "public.unkeyed", "(id) is unique and not null"),
        (FindingSeverity.Warning, "NotValidConstraint", "public.line.line_fkey", "FOREIGN KEY"),
        (FindingSeverity.Warning, "NotValidConstraint", "public.priced.price_positive", "price > 0"),
        (FindingSeverity.Warning, "NotValidConstraint", "public.word.word_short", "length"),
        (FindingSeverity.Warning, "SequenceNearEnd", "public.wide", "79.2 % of the way to 2147483647"),
        (FindingSeverity.Information, "OutdatedExtension", "extension hstore", "Version 1.4 is in the database"),
        (FindingSeverity.Information, "RedundantIndex", "public.shorter", "CREATE INDEX longer"),
        (FindingSeverity.Information, "UnusedIndex", "public.beside_once", "no scan in the"),
        (FindingSeverity.Information, "UnusedIndex", "public.longer", "no scan in the"),
        (FindingSeverity.Information, "UnusedIndex", "public.not_twice", "no scan in the"),
        (FindingSeverity.Information, "UnusedIndex", "public.shorter", "no scan in the"),
        (FindingSeverity.Information, "UnusedIndex", "public.twice_1", "no scan in the"),
        (FindingSeverity.Information, "UnusedIndex", "public.twice_2", "no scan in the"),
    ];

    /// <summary>All that a server of a major version can have, as one script.</summary>
    public static string SqlFor(int major) => major >= 18 ? $"{Sql}\n{SeededProblems18.Sql}" : Sql;

    /// <summary>What has to be found of it, in order.</summary>
    public static IReadOnlyList<(FindingSeverity Severity, string Rule, string Object, string Evidence)> ExpectedFor(int major) =>
    [
        .. Expected.Concat(major >= 18 ? SeededProblems18.Expected : []).OrderByDescending(e => e.Severity)
            .ThenBy(e => e.Rule, StringComparer.Ordinal).ThenBy(e => e.Object, StringComparer.Ordinal),
    ];

    /// <summary>Rows of which nobody but their owner knows what is right, and what then makes them right.</summary>
    public static IReadOnlyList<(string Constraint, string Broken, string Right)> UnfixedFor(int major) =>
    [
        ("public.priced.price_positive", "ONLY public.priced AS c WHERE NOT ((price > 0))", "UPDATE priced SET price = 1 WHERE price < 0"),
        .. major >= 18 ? SeededProblems18.Unfixed : [],
    ];
}
