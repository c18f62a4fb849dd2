using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class EveryProblemTests(HealthServers servers)
{
    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Every_problem_is_found_with_its_object_and_evidence_and_nothing_else(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        var expected = SeededProblems.ExpectedFor(await fixture.MajorAsync());
        await fixture.ExecuteAsync(SeededProblems.SqlFor(await fixture.MajorAsync()));
        var found = await fixture.TestAsync(SeededProblems.Thresholds);
        Assert.Equal(
            string.Join('\n', expected.Select(e => $"{e.Severity} {e.Rule} {e.Object}")),
            string.Join('\n', found.Select(f => $"{f.Severity} {f.Rule} {f.DatabaseObject}")));
        Assert.All(expected.Zip(found), pair => Assert.Contains(pair.First.Evidence, pair.Second.Evidence, StringComparison.Ordinal));
        Assert.All(found, f => Assert.NotNull(f.RecommendedAction));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Each_fix_SQL_fixes_what_it_was_given_for(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        var unfixed = SeededProblems.UnfixedFor(await fixture.MajorAsync());
        await fixture.ExecuteAsync(SeededProblems.SqlFor(await fixture.MajorAsync()));
        var left = await fixture.TestAsync(SeededProblems.Thresholds);
        while (left.FirstOrDefault(f => f.FixSql is not null && unfixed.All(u => u.Constraint != f.DatabaseObject)) is { } worst)
        {
            await fixture.ExecuteAsync(worst.FixSql!);
            left = await fixture.TestAsync(SeededProblems.Thresholds);
            Assert.DoesNotContain(left, f => f.Rule == worst.Rule && f.DatabaseObject == worst.DatabaseObject);
        }

        // What the right price is, nobody but the owner knows; until then the constraint cannot be validated.
        Assert.Equal(
            [.. unfixed.Select(u => ("BrokenCheck", u.Constraint)), .. unfixed.Select(u => ("NotValidConstraint", u.Constraint))],
            left.Select(f => (f.Rule, f.DatabaseObject!)));
        foreach (var (constraint, broken, right) in unfixed)
        {
            var advice = left.Single(f => f.Rule == "BrokenCheck" && f.DatabaseObject == constraint).RecommendedAction!.Split('\n');
            Assert.Equal($"SELECT * FROM {broken};", advice[1]);
            Assert.Equal(1, await fixture.ScalarAsync<long>($"SELECT count(*) FROM {broken}"));
            await fixture.ExecuteAsync(right);
            await fixture.ExecuteAsync(advice[2]);
        }

        HealthFixture.AssertNone(await fixture.TestAsync(SeededProblems.Thresholds));
        Assert.Equal(5, await fixture.ScalarAsync<long>("SELECT count(*) FROM \"Order\""));
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM line"));
    }

    [Fact]
    public async Task A_group_is_examined_alone()
    {
        await using var fixture = await servers.BenchAsync();
        await fixture.ExecuteAsync(SeededProblems.Sql);
        Assert.Equal(
            ["BrokenCheck", "BrokenForeignKey", "DisabledForeignKey", "DisabledTrigger", "NotValidConstraint"],
            (await fixture.TestAsync(HealthGroup.Constraint)).Select(f => f.Rule).Distinct().Order());
        Assert.Equal(
            ["DuplicateIndex", "ForeignKeyWithoutIndex", "InvalidIndex", "RedundantIndex"],
            (await fixture.TestAsync(HealthGroup.Index)).Select(f => f.Rule).Distinct().Order());
    }
}
