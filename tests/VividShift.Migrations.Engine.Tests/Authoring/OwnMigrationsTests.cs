using VividShift.Migrations.Catalog;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Authoring;

public class OwnMigrationsTests
{
    const string User = "00000000-0000-0000-0000-000000000007";

    static readonly MigrationCatalog Own = MigrationCatalog.Load([Shipped.MigrationsFolder], IgnoredCharacters.None);

    [Fact]
    public void They_are_pairs_without_a_finding()
    {
        Assert.Empty(Own.Findings);
        Assert.All(Own.Migrations, m => Assert.True(m.Reversible));
        Assert.Equal([20250926152953, 20250927100000, 20250928143000, 20250929090000], Own.Migrations.Select(m => m.Version));
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("CREATE SCHEMA app; ALTER DATABASE {0} SET search_path = app, pg_catalog")]
    [InlineData("CREATE EXTENSION \"uuid-ossp\"")]
    [InlineData("CREATE SCHEMA tools; CREATE EXTENSION \"uuid-ossp\" SCHEMA tools; ALTER DATABASE {0} SET search_path = public, tools")]
    public async Task Each_down_script_leaves_exactly_what_was_there(string before)
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(before.Replace("{0}", $"\"{database.Name}\"", StringComparison.Ordinal));
        var states = new Stack<string>();
        foreach (var migration in Own.Migrations)
        {
            states.Push(await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
            await ScriptRun.AsModuleAsync(database, migration.Up!.Text);
            var applied = await database.SchemaDumpAsync(TestContext.Current.CancellationToken);
            await ScriptRun.AsSqlxAsync(database, migration.Down!.Text);
            Assert.Equal(states.Peek(), await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
            await ScriptRun.AsSqlxAsync(database, migration.Up!.Text);
            Assert.Equal(applied, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
        }

        foreach (var migration in Own.Migrations.Reverse())
        {
            await ScriptRun.AsModuleAsync(database, migration.Down!.Text);
            Assert.Equal(states.Pop(), await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task History_tells_what_changed_whatever_the_search_path_of_who_changed_it()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        foreach (var migration in Own.Migrations)
        {
            await ScriptRun.AsModuleAsync(database, migration.Up!.Text);
        }

        await database.ExecuteAsync(
            """
            INSERT INTO domains (name) VALUES ('d');
            INSERT INTO assignments (domain_id, name) SELECT id, 'a' FROM domains;
            SET search_path = pg_catalog;
            SET vividshift.user_id = '{user}';
            UPDATE public.assignments SET name = 'b';
            UPDATE public.assignments SET name = 'b';
            DELETE FROM public.domains;
            """.Replace("{user}", User, StringComparison.Ordinal));
        var rows = await database.QueryAsync(
            "SELECT operation, new_values ->> 'name', changed_by::text FROM assignment_history ORDER BY id");
        Assert.Equal(
            [["INSERT", "a", null], ["UPDATE", "b", User], ["DELETE", null, User]],
            rows);
    }
}
