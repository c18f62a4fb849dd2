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
        await bench.ExecuteAsync(Planted.Sql);
        var found = await bench.TestAsync(Planted.Thresholds);
        Assert.Equal(
            string.Join('\n', Planted.Expected.Select(e => $"{e.Severity} {e.Rule} {e.Object}")),
            string.Join('\n', found.Select(f => $"{f.Severity} {f.Rule} {f.DatabaseObject}")));
        Assert.All(Planted.Expected.Zip(found), pair => Assert.Contains(pair.First.Evidence, pair.Second.Evidence, StringComparison.Ordinal));
        Assert.All(found, f => Assert.NotNull(f.Advice));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Each_mending_SQL_mends_what_it_was_given_for(int major)
    {
        await using var bench = await servers.BenchAsync(major);
        await bench.ExecuteAsync(Planted.Sql);
        var left = await bench.TestAsync(Planted.Thresholds);
        while (left.FirstOrDefault(f => f.MendingSql is not null && !IsUnmended(f)) is { } worst)
        {
            await bench.ExecuteAsync(worst.MendingSql!);
            left = await bench.TestAsync(Planted.Thresholds);
            Assert.DoesNotContain(left, f => f.Rule == worst.Rule && f.DatabaseObject == worst.DatabaseObject);
        }

        // What the right price is, nobody but the owner knows; until then the constraint cannot be validated.
        Assert.Equal(
            [("BrokenCheck", "public.priced.price_positive"), ("NotValidConstraint", "public.priced.price_positive")],
            left.Select(f => (f.Rule, f.DatabaseObject!)));
        await bench.ExecuteAsync("UPDATE priced SET price = 1 WHERE price < 0");
        await bench.MendsAsync("NotValidConstraint", "public.priced.price_positive");
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

    static bool IsUnmended(Finding finding) => finding is { Rule: "NotValidConstraint", DatabaseObject: "public.priced.price_positive" };
}
