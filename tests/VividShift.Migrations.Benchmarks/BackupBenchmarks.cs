using BenchmarkDotNet.Attributes;

namespace VividShift.Migrations.Benchmarks;

/// <summary>
/// Backup against <c>pg_dump -Fd -j 2</c>, restore against <c>createdb</c> and <c>pg_restore -j 2</c>. Ours hash every table beside it;
/// ours restore a database beside the old one, compare it, gather statistics and swap, of which the programs alone do nothing.
/// </summary>
public class BackupBenchmarks
{
    ShopWorkload? _shop;

    /// <summary>About 1.2 MB each on disk, indexes included: 1,000 are more than a gigabyte.</summary>
    [Params(100, 1000)]
    public int ThousandOrders { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _shop = new(ThousandOrders * 1000);
        _shop.Backup();
        _shop.PgDump();
    }

    [GlobalCleanup]
    public void CleanUp() => _shop!.Dispose();

    [IterationSetup]
    public void Rest() => _shop!.Rest();

    [Benchmark]
    public void Backup() => _shop!.Backup();

    [Benchmark]
    public void PgDump() => _shop!.PgDump();

    [Benchmark]
    public void Restore() => _shop!.Restore();

    [Benchmark]
    public void PgRestore() => _shop!.PgRestore();
}
