namespace VividShift.Migrations.PowerShell.Tests.Guide;

/// <summary>Everything that the guide did can be done, as the page says that it is done.</summary>
public sealed class GuideTests(GuideTemplate template) : IClassFixture<GuideTemplate>
{
    public static IEnumerable<TheoryDataRow<string, int, string>> Commands => GuidePage.Rows
        .Where(row => row.Now.Length > 0 && !row.Now.StartsWith("./scripts/", StringComparison.Ordinal))
        .Select(row => new TheoryDataRow<string, int, string>(row.Heading, row.Line, row.Now));

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task What_takes_the_place_of_the_guides_way_does_its_work(string heading, int line, string now)
    {
        Assert.True(line > 0);
        await using var project = await GuideProject.CreateAsync(template);
        await using var situation = new GuideSituation(project);
        await situation.ArrangeAsync(heading);
        // The page shows what is typed; what a cmdlet asks, its user answers with yes.
        var run = project.Session.Run("$ConfirmPreference = 'None'; " + now);
        run.WithoutErrors();
        Assert.True(IsSilent(now) || run.Output.Count > 0 || run.Shown.Trim().Length > 0 || run.Information.Count > 0, $"Nothing came of: {now}");
    }

    [Fact]
    public void The_page_has_a_row_for_each_way_of_the_guide()
    {
        Assert.InRange(GuidePage.Rows.Count, 70, 120);
        Assert.All(GuidePage.Rows, row => Assert.NotEmpty(row.Before));
    }

    // No finding is good news, as is no statement that has run for five minutes; everything else that says nothing has done nothing.
    static bool IsSilent(string now) =>
        now.StartsWith("Test-Vs", StringComparison.Ordinal) || now.EndsWith("-LongerThan 5m", StringComparison.Ordinal);
}
