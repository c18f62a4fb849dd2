using VividShift.Migrations.Engine.Tests.Authoring;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class CleanTests(HealthServers servers)
{
    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task An_empty_database_has_no_finding(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        HealthFixture.AssertNone(await fixture.TestAsync());
        HealthFixture.AssertNone(await fixture.TestWithAsync(new() { Full = true }));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task The_projects_own_schema_has_no_finding(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        fixture.Paths = [Shipped.MigrationsFolder];
        await fixture.MigrateAsync();
        HealthFixture.AssertNone(await fixture.TestAsync());
        HealthFixture.AssertNone(await fixture.TestWithAsync(new() { Full = true }));
    }
}

/// <summary>One set of servers for all classes; what one plants on a server, the next one would find, so they take turns.</summary>
[CollectionDefinition]
public sealed class HealthyServers : ICollectionFixture<HealthServers>;
