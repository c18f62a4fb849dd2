using VividShift.Migrations.Engine.Tests.Authoring;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class CleanTests(HealthServers servers)
{
    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task An_empty_database_has_no_finding(int major)
    {
        await using var bench = await servers.BenchAsync(major);
        HealthBench.AssertNone(await bench.TestAsync());
        HealthBench.AssertNone(await bench.TestWithAsync(new() { Migrations = bench.Request, Full = true }));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task The_projects_own_schema_has_no_finding(int major)
    {
        await using var bench = await servers.BenchAsync(major);
        bench.Paths = [Shipped.MigrationsFolder];
        var plan = await bench.Engine.PlanAsync(bench.Request, new(), bench.Observer, TestContext.Current.CancellationToken);
        await bench.Engine.RunAsync(
            new() { Migrations = bench.Request, Plan = new(), Agreed = plan, AgreedSteps = plan.Steps.Count }, bench.Observer, TestContext.Current.CancellationToken);
        HealthBench.AssertNone(await bench.TestAsync());
        HealthBench.AssertNone(await bench.TestWithAsync(new() { Migrations = bench.Request, Full = true }));
    }
}

/// <summary>One set of servers for all classes; what one plants on a server, the next one would find, so they take turns.</summary>
[CollectionDefinition]
public sealed class HealthyServers : ICollectionFixture<HealthServers>;
