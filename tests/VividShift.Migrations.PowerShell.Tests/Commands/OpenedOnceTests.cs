using VividShift.Migrations.Activity;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

/// <summary>What runs is what was agreed to, whatever becomes of files and variables between the question and the run.</summary>
public sealed class OpenedOnceTests
{
    const string Json = "vividshift.json";
    const string Env = ".env";

    [Theory]
    [InlineData(Json)]
    [InlineData(Env)]
    public async Task Invoke_applies_to_the_database_that_was_asked_about_when_the_configuration_changes_meanwhile(string source)
    {
        await using var fixture = await TwoDatabases.CreateAsync();

        fixture.RunWhileChanged("Invoke-VsMigration -Confirm", source);

        Assert.Equal((true, false), await HaveUsersAsync(fixture));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Env)]
    public async Task Undo_reverts_in_the_database_that_was_asked_about_when_the_configuration_changes_meanwhile(string source)
    {
        await using var fixture = await TwoDatabases.CreateAsync();
        fixture.Migrate();

        fixture.RunWhileChanged("Undo-VsMigration", source);

        Assert.Equal((false, true), await HaveUsersAsync(fixture));
    }

    [Theory]
    [InlineData("Invoke-VsMigration", false)]
    [InlineData("Undo-VsMigration -Confirm:$false", true)]
    public async Task A_hook_before_a_run_that_changes_dotenv_does_not_lead_the_run_elsewhere(string script, bool undoes)
    {
        await using var fixture = await TwoDatabases.CreateAsync();
        if (undoes)
        {
            fixture.Migrate();
        }

        fixture.Configure(Env, fixture.One);
        fixture.Folder.Add(Json, """{ "hooks": { "beforeRun": [ { "script": "change.ps1" }, { "sql": "mark.sql" } ] } }""");
        fixture.Folder.Add("change.ps1", $"param($Context) [IO.File]::WriteAllText('{fixture.Folder.PathOf(Env)}', 'DATABASE_URL={fixture.Two.Url}')\n");
        fixture.Folder.Add("mark.sql", "CREATE TABLE marked ();\n");

        fixture.Session.Run(script).WithoutErrors();

        Assert.Equal((!undoes, undoes), await HaveUsersAsync(fixture));
        Assert.True(await fixture.One.ScalarAsync<bool>("SELECT to_regclass('marked') IS NOT NULL"));
        Assert.Contains(fixture.Two.Name, await File.ReadAllTextAsync(fixture.Folder.PathOf(Env), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Env)]
    public async Task Restore_replaces_the_database_that_was_asked_about_when_the_configuration_changes_meanwhile(string source)
    {
        await using var fixture = await TwoDatabases.CreateAsync();
        fixture.Migrate();
        await fixture.One.ExecuteAsync("INSERT INTO users VALUES (1)");
        fixture.Session.Run($"Backup-VsDatabase -ConnectionString '{fixture.One.Url}'").WithoutErrors();
        await fixture.One.ExecuteAsync("DELETE FROM users");

        var run = fixture.RunWhileChanged("Get-VsBackup | Restore-VsDatabase -DropDatabase", source);

        Assert.Equal(fixture.One.Name, Assert.Single(run.OutputOf<RestoreResult>()).Database.Database);
        Assert.Equal((1L, 0L), (await CountAsync(fixture.One), await CountAsync(fixture.Two)));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Env)]
    public async Task Repair_changes_history_of_the_database_that_was_asked_about_when_the_configuration_changes_meanwhile(string source)
    {
        await using var fixture = await TwoDatabases.CreateAsync();
        fixture.Migrate();
        const string Checksum = "SELECT encode(checksum, 'hex') FROM _sqlx_migrations";
        var before = await fixture.Two.ScalarAsync<string>(Checksum);
        fixture.Folder.Add("migrations/0001_users.up.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\r\n");

        fixture.RunWhileChanged("Repair-VsMigration", source);

        Assert.NotEqual(before, await fixture.One.ScalarAsync<string>(Checksum));
        Assert.Equal(before, await fixture.Two.ScalarAsync<string>(Checksum));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Env)]
    public async Task Seeds_fill_the_database_that_was_asked_about_when_the_configuration_changes_meanwhile(string source)
    {
        await using var fixture = await TwoDatabases.CreateAsync();
        fixture.Migrate();
        fixture.Folder.Add("seeds/common/1_users.csv", "id\n1\n");

        fixture.RunWhileChanged("Invoke-VsSeed -Confirm", source);

        Assert.Equal((1L, 0L), (await CountAsync(fixture.One), await CountAsync(fixture.Two)));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Env)]
    public async Task Stop_ends_the_session_that_was_asked_about_when_the_configuration_comes_to_name_another_server(string source)
    {
        await using var fixture = await TwoDatabases.CreateAsync();
        await using var victim = await fixture.One.OpenAsync(TestContext.Current.CancellationToken);
        fixture.Configure(source, fixture.One);
        fixture.Session.AnswerBy(_ =>
        {
            fixture.Folder.Add(source, source == Env ? "DATABASE_URL=postgresql://elsewhere.invalid/shop\n" : """{ "server": "elsewhere.invalid" }""");
            return "Yes";
        });

        var run = fixture.Session.Run(FormattableString.Invariant($"Stop-VsDatabaseActivity -ProcessId {victim.ProcessID} -Terminate")).WithoutErrors();

        Assert.Single(run.Prompts);
        Assert.Equal(ActivityOutcome.Terminated, Assert.Single(run.OutputOf<StopActivityResult>()).Outcome);
    }

    [Theory]
    [InlineData("Invoke-VsMigration -Verbose", 1)]
    [InlineData("Invoke-VsMigration -Backup", 1)]
    [InlineData("Invoke-VsMigration; Undo-VsMigration -Confirm:$false", 2)]
    [InlineData("Get-VsMigrationStatus", 1)]
    [InlineData("Get-VsMigrationPlan -AsSql", 1)]
    [InlineData("Test-VsMigration", 1)]
    [InlineData("Test-VsDatabase", 1)]
    [InlineData("Get-VsDatabase", 1)]
    [InlineData("Register-VsMigration -Version 1 -Confirm:$false", 1)]
    [InlineData("Backup-VsDatabase -Verify", 1)]
    [InlineData("Invoke-VsSeed", 1)]
    [InlineData("Get-VsDatabaseActivity", 1)]
    [InlineData("Get-VsBackup", 1, 0)]
    [InlineData("Get-VsConfiguration", 1, 0)]
    [InlineData("New-VsMigration more", 1, 0)]
    public async Task A_cmdlet_opens_each_file_of_the_configuration_once_and_asks_for_the_password_once(string script, int cmdlets, int? asked = null)
    {
        await using var fixture = await TwoDatabases.CreateAsync();
        fixture.Configure(Json, fixture.One);
        fixture.Folder.Add("vividshift.dev.json", """{ "hooks": { "afterRun": [ { "script": "tell.ps1" } ] } }""");
        fixture.Folder.Add("tell.ps1", "param($Context) $Context.Event");
        fixture.Folder.Add(".env", "SOMETHING=else\n");
        fixture.Folder.Add("sqlx.toml", "[migrate]\ntable-name = \"_sqlx_migrations\"\n");
        fixture.Folder.Add("seeds/common/1_one.sql", "SELECT 1;\n");
        using var openings = FileOpenings.AreKnown ? new FileOpenings(fixture.Folder.Path) : null;

        fixture.Session.Run(script).WithoutErrors();

        Assert.Equal(asked ?? cmdlets, fixture.TimesAsked);
        if (openings is not null)
        {
            var opened = openings.Take().ToLookup(name => name);
            Assert.All([Json, "vividshift.dev.json", Env, "sqlx.toml"], file => Assert.Equal((file, cmdlets), (file, opened[file].Count())));
        }
    }

    static async Task<(bool One, bool Two)> HaveUsersAsync(TwoDatabases fixture) =>
        (await TwoDatabases.HasUsersAsync(fixture.One), await TwoDatabases.HasUsersAsync(fixture.Two));

    static Task<long> CountAsync(VividShift.Migrations.Testing.TestDatabase database) => database.ScalarAsync<long>("SELECT count(*) FROM users");
}
