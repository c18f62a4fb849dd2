using VividShift.Migrations.Core.Tests.Planning;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Reporting;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Core.Tests.Reporting;

public sealed class ReportEntriesTests
{
    [Fact]
    public void A_finding_keeps_its_place_and_says_how_to_mend_it()
    {
        var entry = Only(new Finding("SequenceBehind", FindingSeverity.Warning, "It is behind.")
        {
            Location = new("a.sql", 2, 3),
            DatabaseObject = "public.s",
            Evidence = "5 < 9.",
            RecommendedAction = "Set it.",
            FixSql = "SELECT setval('s', 9);",
        });

        Assert.Equal((ReportLevel.Warning, "a.sql", 2, 3, "public.s"), (entry.Level, entry.Path, entry.Line, entry.Column, entry.DatabaseObject));
        Assert.Equal("It is behind. 5 < 9. Set it.\nSELECT setval('s', 9);", entry.Message);
    }

    [Theory]
    [InlineData(MigrationState.Applied, ReportLevel.Fine, false)]
    [InlineData(MigrationState.Pending, ReportLevel.Fine, true)]
    [InlineData(MigrationState.OutOfOrder, ReportLevel.Error, true)]
    [InlineData(MigrationState.Modified, ReportLevel.Error, false)]
    [InlineData(MigrationState.Missing, ReportLevel.Error, false)]
    [InlineData(MigrationState.Failed, ReportLevel.Error, false)]
    public void A_status_is_an_error_when_a_run_would_refuse_it(MigrationState state, ReportLevel level, bool waiting)
    {
        var entry = Only(new MigrationStatus
        {
            Version = 1,
            Description = "users",
            State = state,
            Reversible = true,
            Transactional = true,
            Checksum = "ab",
            Database = new("db", 5432, "shop", null),
        });

        Assert.Equal((level, waiting, state.ToString(), "1 users"), (entry.Level, entry.Waiting, entry.State, entry.Title));
    }

    [Fact]
    public void A_plan_lists_steps_cautions_and_refusals()
    {
        var plan = new PlanScenario().With(1, applied: true).With(2).With(3).Up() with
        {
            Findings =
            [
                new("Gap", FindingSeverity.Warning, "Mind the gap."),
                Finding.Refusal(MigrationErrorCode.OutOfOrder, "Late.", "Hurry."),
            ],
        };

        var entries = ReportEntries.Of(plan)!;

        Assert.Equal(["Apply", "Apply", "Warning", "Refused"], entries.Select(entry => entry.State));
        Assert.Equal([ReportLevel.Fine, ReportLevel.Fine, ReportLevel.Warning, ReportLevel.Error], entries.Select(entry => entry.Level));
        Assert.Equal("Late. Hurry.", entries[3].Message);
        Assert.Equal("2 m2", Only(plan.Steps[0]).Title);
    }

    [Fact]
    public void A_failed_run_is_one_row_with_the_place_of_the_statement()
    {
        var result = new MigrationResult
        {
            Version = 3,
            Description = "notes",
            Direction = MigrationDirection.Up,
            Outcome = MigrationOutcome.Failed,
            Duration = TimeSpan.FromSeconds(2),
            StartedAt = default,
            Transactional = true,
            Statements = 1,
            Path = "/m/3_notes.sql",
            Database = new("db", 5432, "shop", null),
            Problem = "It failed.",
        };

        var entry = Only(
            new MigrationException(MigrationErrorCode.MigrationFailed, "It failed.") { Location = new("/m/3_notes.sql", 4, 5), Target = result });

        Assert.Equal(("MigrationFailed", "3 notes", 4, 5, "shop@db:5432"), (entry.Rule, entry.Title, entry.Line, entry.Column, entry.Database));
        Assert.Equal((ReportLevel.Error, "Failed", "It failed."), (Only(result).Level, Only(result).State, Only(result).Message));
    }

    [Fact]
    public void Of_several_refusals_each_is_one_row()
    {
        var plan = new PlanScenario().With(1, applied: true).With(2).Up();
        var refused = MigrationException.Of(
            [Finding.Refusal(MigrationErrorCode.OutOfOrder, "Late.", "Hurry."), Finding.Refusal(MigrationErrorCode.MigrationMissing, "Gone.", "Look.")],
            plan.Database);

        Assert.Equal(["OutOfOrder", "MigrationMissing"], ReportEntries.Of(refused)!.Select(entry => entry.Rule));
    }

    [Fact]
    public void A_restore_says_what_became_of_the_old_database()
    {
        var restore = new RestoreResult
        {
            Database = new("db", 5432, "shop", null),
            Path = "/b/shop-1",
            Kind = RestoreSourceKind.Backup,
            Comparison = RestoreComparison.Content,
            Tables = 3,
            MigrationVersion = 7,
            StartedAt = default,
            Duration = TimeSpan.FromSeconds(2),
            KeptAs = "shop_before",
        };

        Assert.Equal(
            ("shop-1", "Verified", "3 tables, newest migration 7. The old database is kept as shop_before."),
            (Only(restore).Title, Only(restore).State, Only(restore).Message));
        Assert.EndsWith("The old database was dropped.", Only(restore with { KeptAs = null, Dropped = true }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_counts_its_rows()
    {
        var seed = new SeedResult
        {
            Name = "dev/1.csv",
            Outcome = default,
            Inserted = 3,
            Updated = 2,
            Unchanged = 1,
            Path = "/s/dev/1.csv",
            Database = new("db", 5432, "shop", null),
        };

        Assert.Equal(("dev/1.csv", "3 inserted, 2 updated, 1 unchanged."), (Only(seed).Title, Only(seed).Message));
    }

    [Fact]
    public void Of_anything_else_there_is_no_entry() => Assert.Null(ReportEntries.Of("text"));

    static ReportEntry Only(object item) => Assert.Single(ReportEntries.Of(item)!);
}
