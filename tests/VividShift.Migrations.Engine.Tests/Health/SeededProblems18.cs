using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Engine.Tests.Health;

/// <summary>Problems that a database can have from PostgreSQL 18 on.</summary>
static class SeededProblems18
{
    public const string Sql = """
        CREATE TABLE loose (id int PRIMARY KEY, parent_id bigint CONSTRAINT loose_fkey REFERENCES parent NOT ENFORCED);
        CREATE INDEX ON loose (parent_id);
        INSERT INTO loose VALUES (1, 404);
        CREATE TABLE sparse (id int PRIMARY KEY, n int);
        INSERT INTO sparse VALUES (1, NULL), (2, 1);
        ALTER TABLE sparse ADD CONSTRAINT sparse_n NOT NULL n NOT VALID;
        CREATE TABLE lease (unit int4range, during daterange, PRIMARY KEY (unit, during WITHOUT OVERLAPS));
        INSERT INTO lease VALUES ('[1,2)', '[2024-01-01,2024-02-01)'), ('[1,2)', '[2024-02-01,2024-03-01)');
        CREATE TABLE stay (
            id int PRIMARY KEY, unit int4range, during daterange,
            CONSTRAINT stay_fkey FOREIGN KEY (unit, PERIOD during) REFERENCES lease (unit, PERIOD during));
        CREATE INDEX ON stay USING gist (unit, during);
        SET session_replication_role = replica;
        INSERT INTO stay VALUES (1, '[1,2)', '[2024-01-15,2024-02-15)'), (2, '[1,2)', '[2024-02-15,2024-03-15)');
        RESET session_replication_role;
        """;

    public static IReadOnlyList<(FindingSeverity Severity, string Rule, string Object, string Evidence)> Expected =>
    [
        (FindingSeverity.Error, "BrokenCheck", "public.sparse.sparse_n", "1 row, such as ('1')."),
        (FindingSeverity.Error, "BrokenForeignKey", "public.stay.stay_fkey", "1 row with the key ('[1,2)', '[2024-02-15,2024-03-15)')."),
        (FindingSeverity.Warning, "BrokenForeignKey", "public.loose.loose_fkey", "1 row with the key ('404'). The constraint is NOT ENFORCED."),
        (FindingSeverity.Warning, "NotValidConstraint", "public.sparse.sparse_n", "NOT NULL n"),
    ];

    public static IReadOnlyList<(string Constraint, string Broken, string Right)> Unfixed =>
        [("public.sparse.sparse_n", "ONLY public.sparse AS c WHERE NOT (n IS NOT NULL)", "UPDATE sparse SET n = 0 WHERE n IS NULL")];
}
