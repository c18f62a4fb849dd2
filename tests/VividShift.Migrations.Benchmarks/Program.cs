using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using VividShift.Migrations.Benchmarks;

// In this process: the server that the benchmarks share must not be started anew for each of them.
var job = Job.Default
    .WithToolchain(InProcessNoEmitToolchain.Instance)
    .WithWarmupCount(1)
    .WithIterationCount(5)
    .WithInvocationCount(1)
    .WithUnrollFactor(1);
BenchmarkSwitcher
    .FromTypes([typeof(RunBenchmarks), typeof(LookBenchmarks), typeof(FileBenchmarks), typeof(SplitBenchmarks), typeof(BackupBenchmarks)])
    .Run(args.Length == 0 ? ["--filter", "*"] : args, DefaultConfig.Instance.AddJob(job).WithOptions(ConfigOptions.JoinSummary));
