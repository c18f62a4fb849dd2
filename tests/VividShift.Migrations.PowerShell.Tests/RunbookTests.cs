using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests;

/// <summary>
/// The guide's whole production process, driven by the runbook itself in a hosted engine, with an application on a real socket.
/// </summary>
public sealed class RunbookTests
{
    static readonly string Scripts = Path.GetFullPath(Path.Combine(BuildFacts.Of("HelpFolder"), "..", "..", "scripts"));

    [Fact]
    public async Task A_deployment_goes_through_all_eight_steps()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Bench.Folder.Add("migrations/0002_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
        shop.Bench.Folder.Add("migrations/0003_notes.sql", "CREATE TABLE notes (id bigint PRIMARY KEY);\n");

        var run = shop.Deploy("-ReportPath report.md");

        var result = Shop.ResultOf(run.WithoutErrors());
        Assert.True(Value<bool>(result, "Succeeded"), Value<string>(result, "State"));
        Assert.Equal([2L, 3], Value<object[]>(result, "Applied").Select(
            applied => Assert.IsType<MigrationResult>(PSObject.AsPSObject(applied).BaseObject).Version));
        Assert.Equal(
            [
                "0. Test the migrations", "1. Maintenance mode on", "2. Stop the application", "3. Back up and prove the backup",
                "4. Migrate", "5. Validate",
                "6. Start the application", "7. Maintenance mode off", "8. Check health",
            ],
            Value<object[]>(result, "Steps").Select(step => Value<string>(PSObject.AsPSObject(step), "Step")));
        Assert.Equal(["POST /maintenance/enable", "stop", "start", "GET /health", "POST /maintenance/disable", "GET /health"], shop.Story);
        Assert.All(shop.App.Requests, request => Assert.Equal("Bearer t-0815", request.Authorization));
        Assert.Equal(0, run.Output[^1].BaseObject);
        var report = await File.ReadAllTextAsync(shop.Bench.Folder.PathOf("report.md"));
        Assert.Contains("| done | 4. Migrate |", report, StringComparison.Ordinal);
        Assert.Contains("3 notes", report, StringComparison.Ordinal);
        Assert.DoesNotContain("0815", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_third_migration_that_fails_ends_with_the_application_on_the_restored_data()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Bench.Folder.Add("migrations/0002_names.sql", "UPDATE users SET name = 'overwritten';\n");
        shop.Bench.Folder.Add("migrations/0003_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
        shop.Bench.Folder.Add("migrations/0004_broken.sql", "-- no-transaction\nDELETE FROM users;\nSELECT nonsense;\n");

        var run = shop.Deploy();

        Assert.StartsWith("MigrationFailed", Assert.Single(run.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        var result = Shop.ResultOf(run);
        Assert.False(Value<bool>(result, "Succeeded"));
        Assert.Equal(1, run.Output[^1].BaseObject);
        Assert.Matches("^The database was restored from the backup .* and verified; the migrated one is kept as .*\\. The application runs\\. Maintenance mode is off\\.$", Value<string>(result, "State"));
        Assert.Equal(["POST /maintenance/enable", "stop", "start", "GET /health", "POST /maintenance/disable"], shop.Story);
        Assert.Equal([1L], await shop.Bench.AppliedAsync());
        Assert.Equal("anna", await shop.Bench.Database.ScalarAsync<string>("SELECT name FROM users"));
        Assert.False(await shop.Bench.Database.ScalarAsync<bool>("SELECT to_regclass('orders') IS NOT NULL"));
        await shop.DropAsync(Value<PSObject>(result, "Restored"));
    }

    [Fact]
    public async Task What_was_rolled_back_is_not_restored()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Bench.Folder.Add("migrations/0002_broken.sql", "DELETE FROM users;\nSELECT nonsense;\n");

        var result = Shop.ResultOf(shop.Deploy());

        Assert.Equal("The database is as it was. The application runs. Maintenance mode is off.", Value<string>(result, "State"));
        Assert.Equal("anna", await shop.Bench.Database.ScalarAsync<string>("SELECT name FROM users"));
    }

    [Fact]
    public async Task An_application_that_does_not_get_healthy_gets_the_old_data_back()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Bench.Folder.Add("migrations/0002_rename.sql", "ALTER TABLE users RENAME TO people;\n");
        // It asks for the table that it knows.
        shop.IsHealthy = () => shop.Bench.Database.ScalarAsync<bool>("SELECT to_regclass('users') IS NOT NULL");

        var run = shop.Deploy("-HealthTimeoutSec 1");

        var result = Shop.ResultOf(run);
        Assert.Contains("was not healthy within 1 s", Assert.Single(run.Errors).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("The database was restored", Value<string>(result, "State"), StringComparison.Ordinal);
        Assert.Equal(["stop", "start", "stop", "start"], shop.Story.Where(line => !line.Contains(' ', StringComparison.Ordinal)));
        Assert.Equal("POST /maintenance/disable", shop.Story[^1]);
        Assert.Equal("anna", await shop.Bench.Database.ScalarAsync<string>("SELECT name FROM users"));
        await shop.DropAsync(Value<PSObject>(result, "Restored"));
    }

    [Fact]
    public async Task WhatIf_lists_the_steps_and_does_nothing()
    {
        await using var shop = await Shop.CreateAsync();
        shop.Bench.Folder.Add("migrations/0002_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n");

        var run = shop.Deploy("-WhatIf").WithoutErrors();

        Assert.Contains("1. Maintenance mode on", run.Shown, StringComparison.Ordinal);
        Assert.Contains("Apply 0002_orders.sql", run.Shown, StringComparison.Ordinal);
        Assert.Empty(shop.Story);
        Assert.Equal([1L], await shop.Bench.AppliedAsync());
    }

    static T Value<T>(PSObject item, string property) => LanguagePrimitives.ConvertTo<T>(item.Properties[property].Value);

    /// <summary>A database in use with one migration and a row, and an application that can be stopped.</summary>
    sealed class Shop : IAsyncDisposable
    {
        readonly List<string> _story = [];
        bool _runs = true;

        Shop(Workbench fixture) => Bench = fixture;

        public Workbench Bench { get; }

        public HttpStandIn App { get; } = new();

        public Func<Task<bool>> IsHealthy { get; set; } = () => Task.FromResult(true);

        public IReadOnlyList<string> Story
        {
            get
            {
                lock (_story)
                {
                    // Waiting for health asks until it is there.
                    return [.. _story.Where((line, i) => i == 0 || line != _story[i - 1])];
                }
            }
        }

        public static async Task<Shop> CreateAsync()
        {
            var shop = new Shop(await Workbench.CreateAsync());
            shop.Bench.Folder.Add(
                "migrations/0001_users.sql",
                "CREATE TABLE users (id bigint PRIMARY KEY, name text);\nINSERT INTO users VALUES (1, 'anna');\n");
            shop.Bench.Folder.Add("vividshift.json", $$"""{ "connectionString": "{{shop.Bench.Database.Url}}" }""");
            shop.Bench.Session.Set("stop", new Action(() => shop.Switch(runs: false)));
            shop.Bench.Session.Set("start", new Action(() => shop.Switch(runs: true)));
            shop.App.Think = request =>
            {
                shop.Tell(request.Line);
                return Task.CompletedTask;
            };
            shop.App.Answer = request =>
                !request.Line.EndsWith("/health", StringComparison.Ordinal) || (shop._runs && shop.IsHealthy().GetAwaiter().GetResult())
                    ? 200
                    : 503;
            shop.Bench.Run("$PSDefaultParameterValues.Clear(); Invoke-VsMigration").WithoutErrors();
            return shop;
        }

        /// <summary>Runs the runbook; the last thing that comes out is its exit code.</summary>
        public PowerShellRun Deploy(string more = "") => Bench.Run(
            $$"""
            $LASTEXITCODE = 0
            & '{{Path.Combine(Scripts, "Deploy-VividShift.ps1")}}' -Confirm:$false -MaintenanceOn {{App.Url}}/maintenance/enable -MaintenanceOff {{App.Url}}/maintenance/disable `
                -Health {{App.Url}}/health -Header @{ Authorization = 'Bearer t-0815' } -StopApplication { $stop.Invoke() } -StartApplication { $start.Invoke() } {{more}}
            $LASTEXITCODE
            """);

        public static PSObject ResultOf(PowerShellRun run) => Assert.Single(run.Output, item => item.TypeNames.Contains("VividShift.Deployment"));

        /// <summary>The migrated database, which the restore left beside the restored one.</summary>
        public async Task DropAsync(PSObject restored) => await Bench.Database.QueryAsync($"DROP DATABASE \"{Value<string>(restored, "KeptAs")}\"");

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await Bench.DisposeAsync();
        }

        void Switch(bool runs)
        {
            _runs = runs;
            Tell(runs ? "start" : "stop");
        }

        void Tell(string line)
        {
            lock (_story)
            {
                _story.Add(line);
            }
        }
    }
}
