using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Core.Tests.Diagnostics;

public class MigrationExceptionTests
{
    [Fact]
    public void A_message_is_what_happened_then_the_state_then_the_action() => Assert.Equal(
        "The folder is gone. Nothing was changed. Bring it back.",
        new MigrationException(MigrationErrorCode.PathNotFound, "The folder is gone.", "Bring it back.").Message);

    [Fact]
    public void A_message_says_no_state_that_nobody_knows() => Assert.Equal(
        "It broke. Look.", new MigrationException(MigrationErrorCode.ConnectionLost, "It broke.", "Look.") { DatabaseState = null }.Message);

    [Fact]
    public void A_message_begins_with_the_place_unless_the_sentence_names_it()
    {
        var place = new SourceLocation("/m/1_a.sql", 2, 3);
        Assert.StartsWith("/m/1_a.sql:2:3: Wrong.", Of("Wrong.").Message, StringComparison.Ordinal);
        Assert.StartsWith("It failed at /m/1_a.sql:2:3. Nothing", Of($"It failed at {place}.").Message, StringComparison.Ordinal);

        MigrationException Of(string what) => new(MigrationErrorCode.MigrationFailed, what) { Location = place };
    }

    [Fact]
    public void A_sentence_of_several_lines_is_followed_by_state_and_action_on_a_line_of_their_own() => Assert.Equal(
        "It said:\nno.\nNothing was changed. Ask again.",
        new MigrationException(MigrationErrorCode.BackupFailed, "It said:\nno.", "Ask again.").Message);

    [Fact]
    public void A_message_names_five_other_findings_and_counts_the_rest()
    {
        Finding[] refusing = [.. Enumerable.Range(1, 8).Select(i => Finding.Refusal(MigrationErrorCode.OutOfOrder, $"Late {i}.", "Hurry."))];
        Assert.Equal(
            "Late 1. Nothing was changed. Hurry.\n(7 more: Late 2.; Late 3.; Late 4.; Late 5.; Late 6.; ...)",
            MigrationException.Of(refusing, null).Message);
    }

    [Fact]
    public void An_exception_is_told_otherwise_without_losing_what_it_knew()
    {
        var cause = new InvalidOperationException();
        var first = new MigrationException(MigrationErrorCode.DatabaseInUse, "Somebody is there.", "Wait.", cause)
        {
            Location = new("a", 1),
            Sql = new("55006", "in use"),
            Target = "shop",
            Findings = [Finding.Refusal(MigrationErrorCode.DatabaseInUse, "Somebody is there.", "Wait.")],
        };

        var second = first.With(what: "The restore failed. " + first.What, databaseState: "shop is as it was.");

        Assert.Equal("a:1: The restore failed. Somebody is there. shop is as it was. Wait.", second.Message);
        Assert.Equal(
            (first.Code, first.RecommendedAction, first.Location, first.Sql, first.Target, first.Findings),
            (second.Code, second.RecommendedAction, second.Location, second.Sql, second.Target, second.Findings));
        Assert.Same(first, second.InnerException);
    }

    [Fact]
    public void An_exception_becomes_a_finding_without_its_state()
    {
        var finding = new MigrationException(MigrationErrorCode.SeedFailed, "No header.", "Write one.") { Location = new("a.csv", 1) }
            .ToFinding("SeedFailed", MigrationErrorCode.SeedFailed);
        Assert.Equal(
            new Finding("SeedFailed", FindingSeverity.Error, "No header.")
            {
                Location = new("a.csv", 1),
                RecommendedAction = "Write one.",
                RefusedAs = MigrationErrorCode.SeedFailed,
            },
            finding);
    }
}
