using VividShift.Migrations.Catalog;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Core.Tests.Planning;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Health;
using VividShift.Migrations.History;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Reporting;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations.Core.Tests.Reporting;

/// <summary>What nobody has judged is a note; what would be lost is a warning.</summary>
public sealed class StateEntriesTests
{
    static readonly DatabaseTarget Shop = new("db", 5432, "shop", null);

    [Fact]
    public void A_change_of_history_says_what_and_why()
    {
        var row = new AppliedMigration(5, "users", default, Success: false, Checksum.Of("a"u8), 1);
        var change = new HistoryChange
        {
            Version = 5,
            Description = "users",
            Before = row,
            After = row with { Success = true },
            Reason = "settled",
            Table = "public.h",
            Database = Shop,
        };

        var entry = Only(change);

        Assert.Equal((ReportLevel.Note, "HistoryRowChanged", "5 users"), (entry.Level, entry.Rule, entry.Title));
        Assert.Equal(("success false -> true; settled", "public.h", "shop@db:5432"), (entry.Message, entry.DatabaseObject, entry.Database));
        Assert.Equal(["HistoryRowAdded", "HistoryRowRemoved"], [Only(change with { Before = null }).Rule, Only(change with { After = null }).Rule]);
    }

    [Fact]
    public void An_overview_is_a_line_and_its_details()
    {
        var entry = Only(new DatabaseOverview(Shop, "15.20", 4096)
        {
            Environment = "live",
            Protected = true,
            Encoding = "UTF8",
            Collation = "C",
            StartedAt = default,
            Uptime = TimeSpan.FromMinutes(90),
            Connections = 3,
            ConnectionLimit = 97,
            DatabaseConnections = 1,
            IsStandby = false,
            AppliedMigrations = 4,
            MigrationVersion = 7,
            PendingMigrations = 1,
            LargestTables = [new("public.a", 100, 40, 9)],
        });

        Assert.Equal((ReportLevel.Note, "Primary", "shop@db:5432"), (entry.Level, entry.State, entry.Title));
        Assert.Equal(
            "PostgreSQL 15.20, 4.0 kB, up for 1 h 30 min, environment live (protected), UTF8, collation C, 3 of 97 connections, "
                + "4 migrations applied, the newest 7, 1 pending, no backup.\ntable public.a: 100 B, 40 B of them indexes, about 9 rows",
            entry.Message);
    }

    [Fact]
    public void A_comparison_of_ways_back_names_the_file_that_loses_data()
    {
        var plan = new PlanScenario().With(1, applied: true).Down();
        var entries = ReportEntries.Of(new RollbackComparison
        {
            Database = Shop,
            Steps = plan.Steps,
            RollbackDataLosses = [new(1, "DROP TABLE", "a", 3, Exact: true)],
            RestoreLosses = [new("public", "b", null, 2, Exact: true)],
        })!;

        Assert.Equal(["DownScripts", "DownScriptLoss", "RestoreOfBackup", "RestoreLoss"], entries.Select(entry => entry.Rule));
        Assert.Equal([ReportLevel.Note, ReportLevel.Warning, ReportLevel.Note, ReportLevel.Warning], entries.Select(entry => entry.Level));
        Assert.Equal((plan.Steps[0].Path, "a"), (entries[1].Path, entries[1].DatabaseObject));
        Assert.Equal("Impossible", entries[2].State);
        Assert.Contains("public.b: not in the backup, 2 row(s) would go", entries[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_and_sandboxes_are_notes()
    {
        var setting = Only(new ConfigurationSetting("backups", "/b", "vividshift.json:3"));
        var server = new SandboxServer
        {
            ProjectFolder = "/p",
            DataFolder = "/d",
            Running = true,
            Port = 5,
            ProcessId = 6,
            ServerVersion = "15.2",
            Database = "x",
            UserName = "y",
        };

        Assert.Equal(
            (ReportLevel.Note, "Set", "backups", "/b (from vividshift.json:3)"),
            (setting.Level, setting.State, setting.Title, setting.Message));
        Assert.Equal("Default", Only(new ConfigurationSetting("backups", "/b", "default")).State);
        Assert.Equal(("/p", "PostgreSQL 15.2, port 5, process 6, database x of y, data in /d"), (Only(server).Title, Only(server).Message));
        Assert.Equal("Stopped", Only(server with { Running = false, Port = null }).State);
    }

    [Fact]
    public void Of_files_only_those_with_the_name_of_a_migration_are_taken()
    {
        var entry = Only(new FileInfo("/m/0007_add_users.down.sql"));

        Assert.Equal(("7 add users", "Down", "The file is not there."), (entry.Title, entry.State, entry.Message));
        Assert.Null(ReportEntries.Of(new FileInfo("/m/readme.md")));
    }

    static ReportEntry Only(object item) => Assert.Single(ReportEntries.Of(item)!);
}
