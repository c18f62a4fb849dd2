using System.Runtime.CompilerServices;
using System.Text.Json;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Tests.Configuration;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class OpenDatabaseTests
{
    [Fact]
    public async Task What_changes_after_opening_changes_nothing_for_it()
    {
        using var project = new Project();
        project.Add("vividshift.json", """{ "server": "one", "lockTimeoutSec": 1 }""");
        project.Add(".env", "PGDATABASE=first\n");
        await using var opened = project.Open();

        project.Add("vividshift.json", """{ "server": "two", "lockTimeoutSec": 2, "protected": true }""");
        project.Add(".env", "PGDATABASE=second\n");
        var resolved = await opened.ResolveAsync(project.Observer, Workbench.Token);

        Assert.Equal(("one", "first"), (resolved.Target.Host, resolved.Target.Database));
        Assert.Equal(resolved.Target, opened.Target);
        Assert.Equal(TimeSpan.FromSeconds(1), resolved.LockTimeout);
        Assert.False(opened.Project.Protected);
    }

    [Fact]
    public async Task A_project_without_a_database_opens_and_refuses_only_what_needs_one()
    {
        using var project = new Project();
        project.Add("vividshift.json", """{ "backups": "elsewhere" }""");
        await using var database = new MigrationEngine { Variables = project.Variables }.Open(new() { Database = project.Request() });

        Assert.Null(database.Target);
        Assert.Equal(Path.Combine(project.Folder, "elsewhere"), database.Project.BackupFolder);
        Assert.Empty((await database.Backups.ListAsync(new(), Workbench.Token)).Backups);
        Assert.Empty(database.Hooks.Describe());
        var refusal = await Assert.ThrowsAsync<MigrationException>(() => database.Activity.GetAsync(new(), project.Observer, Workbench.Token));
        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        Assert.StartsWith("No database is configured.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_used_is_an_error_for_what_needs_it_and_for_nothing_else()
    {
        using var project = new Project();
        project.Variables["DATABASE_URL"] = "postgresql://h:port/d";
        await using var database = new MigrationEngine { Variables = project.Variables }.Open(new() { Database = project.Request() });

        Assert.Empty((await database.Backups.ListAsync(new(), Workbench.Token)).Backups);
        var refusal = await Assert.ThrowsAsync<MigrationException>(() => database.Migrations.GetStatusAsync(project.Observer, Workbench.Token));
        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        Assert.Equal(refusal.Message, Assert.Throws<MigrationException>(() => database.Target).Message);
    }

    [Fact]
    public async Task Where_the_connection_comes_from_is_told_once()
    {
        await using var fixture = await Workbench.CreateAsync();
        var observer = new RecordingObserver();
        var database = fixture.Open();

        await database.Migrations.GetStatusAsync(observer, Workbench.Token);
        await database.Migrations.PlanAsync(new(), observer, Workbench.Token);

        Assert.Single(observer.Told<VerboseMessage>(), told => told.Message.Contains("connection from -ConnectionString", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_of_another_opened_database_is_refused_even_when_both_lead_to_the_same()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;\n");
        await fixture.UpAsync();
        var (maker, other) = (fixture.Open(), fixture.Open());
        var down = await maker.Migrations.PlanAsync(new() { Direction = MigrationDirection.Down }, new RecordingObserver(), Workbench.Token);
        var repair = await maker.History.PlanAsync(
            new() { Kind = RepairKind.Unregister, Versions = [1] }, new RecordingObserver(), Workbench.Token);

        var refusals = new[]
        {
            await Assert.ThrowsAsync<MigrationException>(
                () => new RecordingObserver().RunAsync(other, new() { Agreed = down, AgreedSteps = 1 }, Workbench.Token)),
            await Assert.ThrowsAsync<MigrationException>(() => other.Restores.CompareAsync(down, new RecordingObserver(), Workbench.Token)),
            await Assert.ThrowsAsync<MigrationException>(
                () => other.History.ApplyAsync(repair, repair.Changes, new RecordingObserver(), Workbench.Token)),
        };

        Assert.All(refusals, refusal => Assert.Equal(MigrationErrorCode.DatabaseMismatch, refusal.Code));
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_password_that_expires_is_asked_for_again_when_the_next_session_is_opened()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var role = await fixture.Database.CreateRoleAsync();
        using var project = new Project();
        WriteToken(project, role.Password);
        Configure(project, fixture, role.Name);
        await using var opened = project.Open();
        var database = await opened.ResolveAsync(project.Observer, Workbench.Token);
        var maintenance = database.On("postgres");
        await (await OpenAsync(database, project)).DisposeAsync();
        await (await OpenAsync(maintenance, project)).DisposeAsync();
        Assert.Equal(1, TimesAsked(project));

        await fixture.Database.ExecuteAsync($"ALTER ROLE \"{role.Name}\" PASSWORD 'renewed'", Workbench.Token);
        WriteToken(project, "renewed");
        await (await OpenAsync(database, project)).DisposeAsync();
        await (await OpenAsync(maintenance, project)).DisposeAsync();
        await using (var other = await OpenAsync(database, project, SessionPurpose.Write))
        {
            Assert.Equal(fixture.Database.Name, other.Target.Database);
        }

        Assert.Equal(2, TimesAsked(project));
        Assert.Equal("renewed", database.Settings.Password);
    }

    [Fact]
    public async Task A_password_that_was_never_right_is_asked_for_once()
    {
        await using var fixture = await Workbench.CreateAsync();
        using var project = new Project();
        WriteToken(project, "wrong");
        Configure(project, fixture, fixture.Database.UserName);
        await using var opened = project.Open();
        var database = await opened.ResolveAsync(project.Observer, Workbench.Token);

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refusal = await Assert.ThrowsAsync<MigrationException>(() => OpenAsync(database, project));
            Assert.Equal(MigrationErrorCode.AuthenticationFailed, refusal.Code);
        }

        Assert.Equal(1, TimesAsked(project));
    }

    [Fact]
    public async Task Nothing_keeps_what_it_opened_once_it_is_closed()
    {
        await using var fixture = await Workbench.CreateAsync();

        var sources = await UseAndCloseAsync(fixture);

        for (var attempt = 0; attempt < 20 && sources.Any(source => source.IsAlive); attempt++)
        {
            await Task.Delay(50, Workbench.Token);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(sources, source => Assert.False(source.IsAlive, "A data source, with the password in it, is kept by the process."));
    }

    [Fact]
    public async Task What_is_closed_is_not_used_any_more()
    {
        await using var fixture = await Workbench.CreateAsync();
        var database = fixture.Open();
        await database.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.Migrations.GetStatusAsync(new RecordingObserver(), Workbench.Token));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static async Task<IReadOnlyList<WeakReference>> UseAndCloseAsync(Workbench fixture)
    {
        await using var handle = new MigrationEngine().Open(fixture.Request);
        await handle.Migrations.GetStatusAsync(new RecordingObserver(), Workbench.Token);
        var database = await handle.Opened.ResolveAsync(new RecordingObserver(), Workbench.Token);
        var scratch = database.On("postgres");
        await (await Session.OpenAsync(scratch, SessionPurpose.Write, new RecordingObserver(), Workbench.Token)).DisposeAsync();
        return [new(database.DataSource(SessionPurpose.ReadOnly)), new(scratch.DataSource(SessionPurpose.Write))];
    }

    static Task<Session> OpenAsync(ResolvedDatabase database, Project project, SessionPurpose purpose = SessionPurpose.ReadOnly) =>
        Session.OpenAsync(database, purpose, project.Observer, Workbench.Token);

    static void Configure(Project project, Workbench fixture, string userName) => project.Add("vividshift.json", JsonSerializer.Serialize(new
    {
        server = fixture.Database.Host,
        port = fixture.Database.Port,
        database = fixture.Database.Name,
        username = userName,
        passwordCommand = "echo once >> asked; cat token",
    }));

    static void WriteToken(Project project, string token) => project.Add("token", token + "\n");

    static int TimesAsked(Project project) => File.ReadAllLines(Path.Combine(project.Folder, "asked")).Length;
}
