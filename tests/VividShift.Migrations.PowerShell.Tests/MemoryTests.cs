using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

/// <summary>Measured while no other test runs: they share a heap.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MeasuredAlone;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    const int Calls = 60;

    // 60 calls kept more than 4 MB when data sources were not disposed.
    const long Allowed = 2_000_000;

    [Fact]
    public async Task A_session_does_not_grow_with_every_call()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("foreach ($n in 1..20) { $null = Get-VsMigrationStatus }").WithoutErrors();
        var before = Managed();

        fixture.Run($"foreach ($n in 1..{Calls}) {{ $null = Get-VsMigrationStatus }}").WithoutErrors();

        Assert.InRange(Managed() - before, long.MinValue, Allowed);
    }

    static long Managed()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
