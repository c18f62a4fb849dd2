using VividShift.Migrations.Engine.Tests.Health;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Sql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Traps;

/// <summary>
/// Objects that a role without rights plants in public must not run with the rights of whoever uses the module (the kind of CVE-2018-1058), even
/// where public comes before pg_catalog.
/// </summary>
public sealed class TrapTests
{
    // What a superuser was once robbed by.
    static readonly string[] Known =
    [
        "FUNCTION public.\"quote_ident\"(pg_catalog.name)", "FUNCTION public.\"quote_ident\"(pg_catalog.text)", "AGGREGATE public.array_agg (pg_catalog.text)",
        "FUNCTION public.\"has_schema_privilege\"", "FUNCTION public.\"has_database_privilege\"", "FUNCTION public.\"format\"",
        "FUNCTION public.\"pg_get_serial_sequence\"", "FUNCTION public.\"unnest\"", "FUNCTION public.\"to_jsonb\"(pg_catalog.pg_database)",
        "OPERATOR public.= (FUNCTION", "LEFTARG = pg_catalog.oid, RIGHTARG = pg_catalog.regclass", "FUNCTION public.\"set_config\"",
        "FUNCTION public.\"pg_try_advisory_lock\"", "VIEW public.pg_class", "VIEW public.pg_stat_activity", "DOMAIN public.text",
    ];

    // Every cmdlet that connects, in an order in which each has something to do.
    static readonly string[] Scripts =
    [
        "Get-VsMigrationStatus", "Get-VsMigrationPlan", "Test-VsMigration", "Invoke-VsMigration -Target 2 -Confirm:$false", "Get-VsMigrationStatus",
        "Invoke-VsMigration -Transaction All -Target 3 -Confirm:$false", "Invoke-VsMigration -Confirm:$false", "Invoke-VsSeed -Confirm:$false",
        "Invoke-VsSeed -Force -Confirm:$false", "Undo-VsMigration -WhatIf", "Undo-VsMigration -Confirm:$false", "Undo-VsMigration -Confirm:$false",
        "Register-VsMigration -Target 4 -Confirm:$false", "Unregister-VsMigration 4 -Confirm:$false",
        "Invoke-VsMigration -Confirm:$false", "Repair-VsMigration -Confirm:$false", "Test-VsDatabase -FullReport", "Get-VsDatabase -Detailed",
        "Get-VsDatabaseActivity -All", "Get-VsDatabaseActivity | Where-Object Application -eq 'sleeper' | Stop-VsDatabaseActivity -Terminate -Confirm:$false",
        "Repair-VsMigration -Unlock -Confirm:$false",
    ];

    // These need pg_dump and pg_restore of the server's major.
    static readonly string[] BackupScripts =
    [
        "Backup-VsDatabase -Verify -Confirm:$false", "Backup-VsDatabase -Table users -Confirm:$false", "Test-VsBackup -Latest -Restore",
        "Get-VsMigrationPlan -Undo -CompareBackup", "Restore-VsDatabase -Latest -Force -Confirm:$false", "Get-VsMigrationStatus",
    ];

    public static IEnumerable<object[]> Majors => PostgresServer.MajorRows;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Nothing_planted_in_public_runs_with_the_rights_of_who_looks(int major)
    {
        var (server, logFile) = await PostgresServer.StartOwnAsync(major, ResolvedNames.Settings);
        string[] scripts = await HasProgramsAsync(server) ? [.. Scripts, .. BackupScripts] : Scripts;
        await RunAllAsync(server, scripts, _ => Task.CompletedTask);
        var names = ResolvedNames.In(await File.ReadAllTextAsync(logFile, Token));

        PlantedTraps? planted = null;
        await RunAllAsync(server, scripts, async database =>
        {
            await database.ExecuteAsync(
                """
                DO $$ BEGIN CREATE ROLE mallory; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                GRANT CREATE ON SCHEMA public TO PUBLIC;
                """, Token);
            planted = await PlantedTraps.PlantAsync(database, "mallory", names);
            await AssertTheyWorkAsync(database);
            // Worse than the server's own order, in which pg_catalog comes first unless it is named.
            await using var connection = await PlantedTraps.OpenAsync(database);
            await using var batch = new Npgsql.NpgsqlBatch(connection) { BatchCommands = { new("ALTER ROLE CURRENT_USER SET search_path = public, pg_catalog") } };
            await batch.ExecuteNonQueryAsync(Token);
        });

        var standing = string.Join('\n', planted!.Standing);
        Assert.All(Known, known => Assert.Contains(known, standing, StringComparison.Ordinal));
        Assert.True(planted.Standing.Count > 400, $"{planted.Standing.Count} traps stand; refused: {string.Join('\n', planted.Refused)}");
        Assert.True(planted.Refused.Count < planted.Standing.Count / 10, string.Join('\n', planted.Refused));
        var sprung = (await File.ReadAllLinesAsync(logFile, Token))
            .Where(line => line.Contains(PlantedTraps.Sprung + ":", StringComparison.Ordinal) && !line.StartsWith("test|", StringComparison.Ordinal));
        Assert.Empty(sprung.Distinct());
    }

    /// <summary>Runs every cmdlet in a database of the sound and in one of the sick.</summary>
    static async Task RunAllAsync(PostgresServer server, IReadOnlyList<string> scripts, Func<TestDatabase, Task> prepare)
    {
        await using (var fixture = await Workbench.CreateAsync(server))
        {
            AddFiles(fixture.Folder);
            fixture.Run("$PSDefaultParameterValues.Remove('*-Vs*:Path')").WithoutErrors();
            await prepare(fixture.Database);
            await using var sleeper = await SleeperAsync(fixture.Database);
            Assert.All(scripts, script => fixture.Run(script).WithoutErrors());
            await ResetAsync(fixture.Database);
        }

        await using var sick = await Workbench.CreateAsync(server);
        await ExecuteEachAsync(sick.Database, SeededProblems.SqlFor(server.Major));
        await prepare(sick.Database);
        sick.Run("Test-VsDatabase -FullReport -WarningAction Ignore").WithoutErrors();
        sick.Run("Test-VsDatabase -WarningAction Ignore").WithoutErrors();
        await ResetAsync(sick.Database);
    }

    // One by one: there is a VACUUM among them.
    static async Task ExecuteEachAsync(TestDatabase database, string sql)
    {
        var script = SqlScript.Parse(sql);
        await using var connection = await database.OpenAsync(Token);
        foreach (var statement in script.Statements)
        {
            await using var batch = new Npgsql.NpgsqlBatch(connection) { BatchCommands = { new(script.TextOf(statement)) } };
            await batch.ExecuteNonQueryAsync(Token);
        }
    }

    static void AddFiles(MigrationFolder folder)
    {
        foreach (var (version, name) in new[] { (1, "users"), (2, "orders"), (3, "notes") })
        {
            folder.Add($"{version}_{name}.up.sql", $"CREATE TABLE public.{name} (id bigint PRIMARY KEY, n int, w varchar(9));\n");
            folder.Add($"{version}_{name}.down.sql", $"DROP TABLE public.{name};\n");
        }

        folder.Add("vividshift.json", """{ "migrations": "." }""");
        folder.Add("4_index.up.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY orders_n ON public.orders (n);\n");
        folder.Add("4_index.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY public.orders_n;\n");
        folder.Add("seeds/1_users.csv", "id,n,w\n1,2,a\n2,3,b\n");
        folder.Add("seeds/2_notes.json", """{ "key": ["id"], "rows": [{ "id": 1, "n": 5 }] }""");
        folder.Add("seeds/3_more.sql", "TRUNCATE public.orders;");
        folder.Add("checks/none.sql", "SELECT id FROM public.users WHERE false");
    }

    static async Task<Npgsql.NpgsqlConnection> SleeperAsync(TestDatabase database)
    {
        var connection = new Npgsql.NpgsqlConnection(database.ConnectionString + ";Search Path=pg_catalog,pg_temp;Application Name=sleeper");
        await connection.OpenAsync(Token);
        return connection;
    }

    // Under the search_path that everybody has, a better match wins even though pg_catalog comes first: so the traps are seen to spring.
    static async Task AssertTheyWorkAsync(TestDatabase database)
    {
        foreach (var sql in new[] { "SELECT quote_ident('a'::name)", "SELECT public.text '1'", "SELECT * FROM public.pg_class", "SELECT 1::oid OPERATOR(public.=) 1::oid" })
        {
            await using var connection = await PlantedTraps.OpenAsync(database);
            await using var batch = new Npgsql.NpgsqlBatch(connection) { BatchCommands = { new("SET search_path = public"), new(sql) } };
            var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => batch.ExecuteNonQueryAsync(Token));
            Assert.Equal(PlantedTraps.Sprung, error.MessageText);
        }
    }

    static async Task ResetAsync(TestDatabase database)
    {
        await using var connection = await PlantedTraps.OpenAsync(database);
        await using var batch = new Npgsql.NpgsqlBatch(connection) { BatchCommands = { new("ALTER ROLE CURRENT_USER RESET search_path") } };
        await batch.ExecuteNonQueryAsync(Token);
    }

    // pg_dump refuses a server that is newer than itself; there are packages with a server and nothing else.
    static async Task<bool> HasProgramsAsync(PostgresServer server)
    {
        try
        {
            await using var database = await TestDatabase.CreateAsync(server, Token);
            return (await database.SchemaDumpAsync(Token)).Length > 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
