using System.Collections.Concurrent;
using Npgsql;
using VividShift.Migrations.Engine.Sandbox;

namespace VividShift.Migrations.Testing;

/// <summary>
/// A PostgreSQL server for the tests of this process, started at first use. It comes from <c>VIVIDSHIFT_TEST_DATABASE_URL</c>,
/// else from server programs of this machine, else from a container. When none can be had, every test that needs one fails.
/// </summary>
public sealed class PostgresServer
{
    /// <summary>The major that stands for the server of <see cref="GetAsync"/>, whatever its version.</summary>
    public const int DefaultMajor = 0;

    static readonly Lazy<Task<PostgresServer>> Default = new(StartDefaultAsync);
    static readonly Lazy<Task<IReadOnlyDictionary<int, ServerBinaries>>> Extra = new(FindExtraAsync);
    static readonly ConcurrentDictionary<int, Lazy<Task<PostgresServer>>> ByMajor = new();

    readonly Func<ServerAddress, CancellationToken, Task<string>> _dump;

    PostgresServer(ServerAddress address, int major, string? programFolder, Func<ServerAddress, CancellationToken, Task<string>> dump)
        => (Address, Major, ProgramFolder, _dump) = (address, major, programFolder, dump);

    /// <summary>How to reach it as a superuser.</summary>
    public ServerAddress Address { get; }

    /// <summary>Its major version, such as 15.</summary>
    public int Major { get; }

    /// <summary>The folder with the client programs of its own version; null when it is not known, and programs must be found by themselves.</summary>
    public string? ProgramFolder { get; }

    /// <summary>The majors to test on: the default one, and each bin folder of the path list <c>VIVIDSHIFT_TEST_PGBINS</c>.</summary>
    public static IReadOnlyList<int> Majors => [DefaultMajor, .. Extra.Value.GetAwaiter().GetResult().Keys.Order()];

    /// <summary><see cref="Majors"/> as rows of a theory.</summary>
    public static IEnumerable<object[]> MajorRows => Majors.Select(static major => new object[] { major });

    /// <summary>Each of the <see cref="Majors"/> with each of them, as rows of a theory.</summary>
    public static IEnumerable<object[]> MajorPairs => Majors.SelectMany(static _ => Majors, static (one, other) => new object[] { one, other });

    /// <summary>The server of this process.</summary>
    /// <exception cref="InvalidOperationException">No server can be had; the text says what was tried.</exception>
    public static Task<PostgresServer> GetAsync(CancellationToken cancellationToken) => Default.Value.WaitAsync(cancellationToken);

    /// <summary>A server of one of the <see cref="Majors"/>.</summary>
    public static async Task<PostgresServer> ForMajorAsync(int major, CancellationToken cancellationToken)
    {
        if (major == DefaultMajor)
        {
            return await GetAsync(cancellationToken);
        }

        var found = await Extra.Value.WaitAsync(cancellationToken);
        if (!found.TryGetValue(major, out var binaries))
        {
            throw new InvalidOperationException($"VIVIDSHIFT_TEST_PGBINS names no folder with PostgreSQL {major}.");
        }

        return await ByMajor.GetOrAdd(major, _ => new(() => StartExtraAsync(binaries))).Value.WaitAsync(cancellationToken);
    }

    /// <summary>A server of one test, of one of the <see cref="Majors"/>, with settings of its own; it ends with this process.</summary>
    /// <returns>The server, and the file of its log.</returns>
    public static async Task<(PostgresServer Server, string Log)> StartOwnAsync(int major, params string[] settings)
    {
        var user = await UnprivilegedUser.FindAsync(CancellationToken.None);
        var binaries = major == DefaultMajor
            ? await new BinaryLocator(user).FindAsync(CancellationToken.None).FirstAsync()
            : (await Extra.Value)[major];
        var (address, log) = await LocalServer.StartAsync(binaries, settings);
        return (await ReachAsync(address, SchemaDump.LocalAsync), log);
    }

    /// <summary>A server that a test started for itself.</summary>
    public static Task<PostgresServer> AtAsync(ServerAddress address) => ReachAsync(address, SchemaDump.LocalAsync);

    /// <summary>The schema of one of its databases as pg_dump writes it, without the lines that differ from dump to dump.</summary>
    internal async Task<string> DumpSchemaAsync(ServerAddress database, CancellationToken cancellationToken)
    {
        var text = await _dump(database, cancellationToken);
        return string.Join('\n', text.Split('\n').Where(static line => !line.StartsWith(@"\restrict", StringComparison.Ordinal)
            && !line.StartsWith(@"\unrestrict", StringComparison.Ordinal)));
    }

    static async Task<PostgresServer> StartDefaultAsync()
    {
        if (Environment.GetEnvironmentVariable("VIVIDSHIFT_TEST_DATABASE_URL") is { Length: > 0 } url)
        {
            return await ReachAsync(ServerAddress.Parse(url), SchemaDump.LocalAsync);
        }

        var user = await UnprivilegedUser.FindAsync(CancellationToken.None);
        await foreach (var binaries in new BinaryLocator(user).FindAsync(CancellationToken.None))
        {
            return await StartLocalAsync(binaries);
        }

        var container = await ContainerServer.StartAsync();
        return await ReachAsync(container.Address, container.DumpAsync);
    }

    static async Task<PostgresServer> StartLocalAsync(ServerBinaries binaries)
        => await ReachAsync(
            await LocalServer.StartAsync(binaries),
            SchemaDump.LocalAsync,
            File.Exists(ServerBinaries.Program(binaries.Folder, "pg_dump")) ? binaries.Folder : null);

    // Its own programs: those on PATH refuse servers that are newer than they are.
    static async Task<PostgresServer> StartExtraAsync(ServerBinaries binaries)
        => await ReachAsync(
            await LocalServer.StartAsync(binaries),
            (database, token) => SchemaDump.RunAsync(ServerBinaries.Program(binaries.Folder, "pg_dump"), database, token),
            binaries.Folder);

    static async Task<PostgresServer> ReachAsync(
        ServerAddress address, Func<ServerAddress, CancellationToken, Task<string>> dump, string? programFolder = null)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        return new PostgresServer(address, connection.PostgreSqlVersion.Major, programFolder, dump);
    }

    static async Task<IReadOnlyDictionary<int, ServerBinaries>> FindExtraAsync()
    {
        var found = new Dictionary<int, ServerBinaries>();
        var locator = new BinaryLocator(await UnprivilegedUser.FindAsync(CancellationToken.None));
        var folders = (Environment.GetEnvironmentVariable("VIVIDSHIFT_TEST_PGBINS") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in folders)
        {
            var binaries = await locator.ProbeAsync(folder, CancellationToken.None)
                ?? throw new InvalidOperationException($"VIVIDSHIFT_TEST_PGBINS names '{folder}', which holds no server programs that run.");
            found[binaries.Major] = binaries;
        }
        return found;
    }
}
