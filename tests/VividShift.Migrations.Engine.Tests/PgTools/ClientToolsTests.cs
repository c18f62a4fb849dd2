using System.Runtime.Versioning;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.PgTools;

/// <summary>Programs that only tell their version: what is found and chosen does not depend on this machine.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClientToolsTests : IDisposable
{
    static readonly string[] Needed = ["pg_dump", "pg_restore"];

    readonly string _folder = Directory.CreateTempSubdirectory("vividshift-tools-").FullName;

    [Fact]
    public async Task The_parameter_wins_over_the_setting_and_the_setting_over_the_variable()
    {
        var (a, b, c) = (Programs("a", "15.1"), Programs("b", "15.2"), Programs("c", "15.3"));

        Assert.Equal("15.1", (await FindAsync(15, named: a, setting: b, variable: c))["pg_dump"].Version);
        Assert.Equal("15.2", (await FindAsync(15, setting: b, variable: c))["pg_dump"].Version);
        Assert.Equal("15.3", (await FindAsync(15, variable: c))["pg_dump"].Version);
    }

    [Fact]
    public async Task A_folder_that_was_named_is_the_only_one_and_its_version_is_judged()
    {
        var old = Programs("old", "14.9");
        var good = Programs("good", "15.1");
        var error = await Assert.ThrowsAsync<MigrationException>(() => FindAsync(15, named: old, path: good));

        Assert.Equal(MigrationErrorCode.VersionUnsupported, error.Code);
        Assert.Contains("14 (-PgBinPath)", error.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<MigrationException>(() => FindAsync(15, named: Path.Combine(_folder, "none"), path: good));
        Assert.Equal(MigrationErrorCode.ToolMissing, missing.Code);
    }

    [Fact]
    public async Task Of_those_on_PATH_the_one_of_the_servers_major_is_best_then_the_next_newer()
    {
        var path = string.Join(Path.PathSeparator, Programs("n", "97.1"), Programs("m", "99.2"), Programs("o", "98.3"));

        Assert.Equal(98, (await FindAsync(98, path: path)).Major);
        Assert.Equal(97, (await FindAsync(96, path: path)).Major);
        var error = await Assert.ThrowsAsync<MigrationException>(() => FindAsync(100, path: path));
        Assert.Equal(MigrationErrorCode.VersionUnsupported, error.Code);
        Assert.Contains("99 (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_server_programs_in_the_variable_is_passed_over()
    {
        var server = Path.Combine(_folder, "server");
        Directory.CreateDirectory(server);

        Assert.Equal(99, (await FindAsync(99, variable: server, path: Programs("n", "99.1"))).Major);
    }

    [Fact]
    public async Task A_program_gets_password_and_address_in_its_environment_alone()
    {
        await using var fixture = await Workbench.CreateAsync();
        var shower = Path.Combine(_folder, "pg_show");
        await File.WriteAllTextAsync(shower, "#!/bin/sh\nenv\necho \"arguments: $*\"\n");
        File.SetUnixFileMode(shower, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        fixture.ConnectionString = "postgresql://ann:s%20ecret@db.example:6432/sh=op?sslmode=verify-full&sslrootcert=/ca.pem";
        var database = await fixture.Opened.Open(fixture.Request).Opened.ResolveAsync(new RecordingObserver(), Workbench.Token);
        var said = "";
        var run = new ClientRun(new("pg_show", shower, "15.1"), database)
        {
            Output = async (stream, token) => said = await new StreamReader(stream).ReadToEndAsync(token),
        };

        Assert.True((await run.RunAsync(["--one", "two; three"], Workbench.Token)).Succeeded);
        foreach (var line in new[] { "PGHOST=db.example", "PGPORT=6432", "PGDATABASE=sh=op", "PGUSER=ann", "PGPASSWORD=s ecret", "PGSSLMODE=verify-full", "PGSSLROOTCERT=/ca.pem", "arguments: --one two; three" })
        {
            Assert.Contains(line, said.Split('\n'));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static Task<ClientTools> FindAsync(int major, string? named = null, string? setting = null, string? variable = null, string? path = null) =>
        ClientTools.FindAsync(
            named,
            new ProjectSettings { Environment = "dev", MigrationFolders = [], BackupFolder = "/b", SeedFolder = "/s", CheckFolder = "/c", ProgramFolder = setting },
            major,
            Needed,
            name => name switch { "VIVIDSHIFT_PGBIN" => variable, "PATH" => path, _ => null },
            Workbench.Token);

    string Programs(string name, string version)
    {
        var folder = Path.Combine(_folder, name);
        Directory.CreateDirectory(folder);
        foreach (var program in Needed)
        {
            var path = Path.Combine(folder, program);
            File.WriteAllText(path, $"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
