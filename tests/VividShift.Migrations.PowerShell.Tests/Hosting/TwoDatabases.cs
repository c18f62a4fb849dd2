using System.Text.Json;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>A project whose configuration names one of two databases, and the session of somebody who changes that meanwhile.</summary>
sealed class TwoDatabases : IAsyncDisposable
{
    const string Asked = "asked";

    TwoDatabases(TestDatabase one, TestDatabase two)
    {
        (One, Two) = (one, two);
        Session = new PowerShellSession(Folder.Path);
    }

    /// <summary>The one that is agreed to.</summary>
    public TestDatabase One { get; }

    public TestDatabase Two { get; }

    public MigrationFolder Folder { get; } = new();

    public PowerShellSession Session { get; }

    /// <summary>How often the command for the password was run.</summary>
    public int TimesAsked => File.Exists(Folder.PathOf(Asked)) ? File.ReadAllLines(Folder.PathOf(Asked)).Length : 0;

    public static async Task<TwoDatabases> CreateAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var fixture = new TwoDatabases(await TestDatabase.CreateAsync(token), await TestDatabase.CreateAsync(token));
        fixture.Folder.Add("migrations/0001_users.up.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n");
        fixture.Folder.Add("migrations/0001_users.down.sql", "DROP TABLE users;\n");
        return fixture;
    }

    /// <summary>Has a source of the configuration name a database.</summary>
    public void Configure(string source, TestDatabase database)
    {
        if (source == ".env")
        {
            Folder.Add(".env", $"DATABASE_URL={database.Url}\n");
            return;
        }

        var settings = new Dictionary<string, object>
        {
            ["server"] = database.Host,
            ["port"] = database.Port,
            ["database"] = database.Name,
            ["username"] = database.UserName,
            ["passwordCommand"] = new[] { "sh", "-c", $"echo once >> {Asked}; printf '%s\\n' \"$1\"", "sh", database.Password },
        };
        Folder.Add(source, JsonSerializer.Serialize(settings));
    }

    /// <summary>Runs a script that asks one question; while it stands, the configuration comes to name the other database.</summary>
    public PowerShellRun RunWhileChanged(string script, string source)
    {
        Configure(source, One);
        Session.AnswerBy(_ =>
        {
            Configure(source, Two);
            return "Yes";
        });
        var run = Session.Run(script).WithoutErrors();
        Assert.Single(run.Prompts);
        return run;
    }

    /// <summary>Applies the migrations to both.</summary>
    public void Migrate()
    {
        foreach (var database in new[] { One, Two })
        {
            Session.Run($"Invoke-VsMigration -ConnectionString '{database.Url}'").WithoutErrors();
        }
    }

    public static Task<bool> HasUsersAsync(TestDatabase database) => database.ScalarAsync<bool>("SELECT to_regclass('users') IS NOT NULL");

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await One.DisposeAsync();
        await Two.DisposeAsync();
        Folder.Dispose();
    }
}
