using DotNet.Testcontainers.Builders;
using Testcontainers.PostgreSql;

namespace VividShift.Migrations.Testing;

/// <summary>A server in a container, for machines without PostgreSQL's programs. Testcontainers removes it when the process ends.</summary>
internal sealed class ContainerServer
{
    readonly PostgreSqlContainer _container;

    ContainerServer(PostgreSqlContainer container) => _container = container;

    public ServerAddress Address => ServerAddress.Parse(
        FormattableString.Invariant($"postgresql://postgres:postgres@{_container.Hostname}:{_container.GetMappedPublicPort(5432)}/postgres"));

    public static async Task<ContainerServer> StartAsync()
    {
        try
        {
            var container = new PostgreSqlBuilder("postgres:18-alpine")
                .WithUsername("postgres")
                .WithPassword("postgres")
                .WithCommand(
                    [.. LocalServer.Settings.SelectMany(static setting => new[] { "-c", setting.Replace(" ", "", StringComparison.Ordinal) })])
                .Build();
            await container.StartAsync();
            return new ContainerServer(container);
        }
        catch (DockerUnavailableException missing)
        {
            throw new InvalidOperationException(
                "These tests need PostgreSQL and none can be had: VIVIDSHIFT_TEST_DATABASE_URL is not set, no folder with initdb, pg_ctl and postgres "
                + "was found (VIVIDSHIFT_PGBIN, PATH, the usual places), and Docker does not answer. Install postgresql, or set one of them.",
                missing);
        }
    }

    public async Task<string> DumpAsync(ServerAddress database, CancellationToken cancellationToken)
    {
        var run = await _container.ExecAsync(["pg_dump", .. SchemaDump.Options, "-U", database.UserName, "-d", database.Database], cancellationToken);
        return run.ExitCode == 0 ? run.Stdout : throw new InvalidOperationException($"pg_dump of {database} failed: {run.Stderr}");
    }
}
