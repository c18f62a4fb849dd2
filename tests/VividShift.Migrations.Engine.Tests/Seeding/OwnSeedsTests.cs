using VividShift.Migrations.Engine.Tests.Authoring;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Seeding;

/// <summary>VividShift's own seeds on its own migrations.</summary>
public sealed class OwnSeedsTests
{
    [Fact]
    public async Task They_fill_a_new_database_and_a_second_run_changes_nothing()
    {
        await using var fixture = await SeedFixture.CreateAsync("SELECT 1");
        foreach (var file in Directory.GetFiles(Shipped.MigrationsFolder).Where(file => !file.EndsWith(".down.sql", StringComparison.Ordinal)))
        {
            fixture.Folder.Add("migrations/" + Path.GetFileName(file), await File.ReadAllBytesAsync(file, SeedFixture.Token));
        }

        var seeds = Path.Combine(AppContext.BaseDirectory, "seeds");
        foreach (var file in Directory.GetFiles(seeds, "*", SearchOption.AllDirectories))
        {
            fixture.Folder.Add("seeds/" + Path.GetRelativePath(seeds, file), await File.ReadAllBytesAsync(file, SeedFixture.Token));
        }

        var before = new RecordingObserver();
        await fixture.Open().Seeds.PlanAsync(SeedFixture.Request(), before, SeedFixture.Token);
        Assert.Contains("4 migration(s) are pending", Assert.Single(before.Told<WarningRaised>()).Message, StringComparison.Ordinal);
        var database = fixture.Open();
        var plan = await database.Migrations.PlanAsync(new(), new RecordingObserver(), SeedFixture.Token);
        await new RecordingObserver().RunAsync(database, new() { Agreed = plan, AgreedSteps = plan.Steps.Count }, SeedFixture.Token);

        var observer = new RecordingObserver();
        Assert.Equal(
            [
                "common/010_domains.json Seeded public.domains 2+0~0",
                "dev/010_users.csv Seeded public.users 3+0~0",
                "dev/020_user_profiles.sql Seeded",
                "dev/030_participants.csv Seeded public.participants 3+0~0",
                "dev/040_assignment_targets.json Seeded public.assignment_targets 2+0~0",
            ],
            await fixture.SeedAsync(observer: observer));
        Assert.Empty(observer.Told<WarningRaised>());
        var dump = await fixture.AskAsync("SELECT u::text FROM users u ORDER BY username");
        Assert.Equal(
            [
                "common/010_domains.json Seeded public.domains 0+0~2",
                "dev/010_users.csv Seeded public.users 0+0~3",
                "dev/020_user_profiles.sql Seeded",
                "dev/030_participants.csv Seeded public.participants 0+0~3",
                "dev/040_assignment_targets.json Seeded public.assignment_targets 0+0~2",
            ],
            await fixture.SeedAsync(SeedFixture.Request(force: true)));
        Assert.Equal(dump, await fixture.AskAsync("SELECT u::text FROM users u ORDER BY username"));
        Assert.Equal("Ada Lovelace|2", await fixture.AskAsync(
            "SELECT full_name, (SELECT count(*) FROM user_profiles) FROM user_profiles JOIN users ON id = user_id WHERE username = 'ada'"));
    }
}
