using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class EveryProblemTests(HealthServers servers)
{
    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Every_problem_is_found_with_its_object_and_evidence_and_nothing_else(int major)
    {
        await using var bench = await servers.BenchAsync(major);
        var expected = Planted.ExpectedFor(await bench.MajorAsync());
        await bench.ExecuteAsync(Planted.SqlFor(await bench.MajorAsync()));
        var found = await bench.TestAsync(Planted.Thresholds);
        Assert.Equal(
            string.Join('\n', expected.Select(e => $"{e.Severity} {e.Rule} {e.Object}")),
            string.Join('\n', found.Select(f => $"{f.Severity} {f.Rule} {f.DatabaseObject}")));
        Assert.All(expected.Zip(found), pair => Assert.Contains(pair.First.Evidence, pair.Second.Evidence, StringComparison.Ordinal));
        Assert.All(found, f => Assert.NotNull(f.Advice));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Each_mending_SQL_mends_what_it_was_given_for(int major)
    {
        await using var bench = await servers.BenchAsync(major);
        var unmended = Planted.UnmendedFor(await bench.MajorAsync());
        await bench.ExecuteAsync(Planted.SqlFor(await bench.MajorAsync()));
        var left = await bench.TestAsync(Planted.Thresholds);
        while (left.FirstOrDefault(f => f.MendingSql is not null && unmended.All(u => u.Constraint != f.DatabaseObject)) is { } worst)
        {
            await bench.ExecuteAsync(worst.MendingSql!);
            left = await bench.TestAsync(Planted.Thresholds);
            Assert.DoesNotContain(left, f => f.Rule == worst.Rule && f.DatabaseObject == worst.DatabaseObject);
        }

        // What the right price is, nobody but the owner knows; until then the constraint cannot be validated.
        Assert.Equal(
            [.. unmended.Select(u => ("BrokenCheck", u.Constraint)), .. unmended.Select(u => ("NotValidConstraint", u.Constraint))],
            left.Select(f => (f.Rule, f.DatabaseObject!)));
        foreach (var (constraint, broken, right) in unmended)
        {
            var advice = left.Single(f => f.Rule == "BrokenCheck" && f.DatabaseObject == constraint).Advice!.Split('\n');
            Assert.Equal($"SELECT * FROM {broken};", advice[1]);
            Assert.Equal(1, await bench.ScalarAsync<long>($"SELECT count(*) FROM {broken}"));
            await bench.ExecuteAsync(right);
            await bench.ExecuteAsync(advice[2]);
        }

        HealthBench.AssertNone(await bench.TestAsync(Planted.Thresholds));
        Assert.Equal(5, await bench.ScalarAsync<long>("SELECT count(*) FROM \"Order\""));
        Assert.Equal(1, await bench.ScalarAsync<long>("SELECT count(*) FROM line"));
    }

    [Fact]
    public async Task A_group_is_examined_alone()
    {
        await using var bench = await servers.BenchAsync();
        await bench.ExecuteAsync(Planted.Sql);
        Assert.Equal(
            ["BrokenCheck", "BrokenForeignKey", "DisabledForeignKey", "DisabledTrigger", "NotValidConstraint"],
            (await bench.TestAsync(HealthGroup.Constraint)).Select(f => f.Rule).Distinct().Order());
        Assert.Equal(
            ["DuplicateIndex", "ForeignKeyWithoutIndex", "InvalidIndex", "RedundantIndex"],
            (await bench.TestAsync(HealthGroup.Index)).Select(f => f.Rule).Distinct().Order());
    }
}
