using System.IO.Compression;
using Npgsql;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Guide;

/// <summary>
/// A project as the guide has it: the project's own migrations, seeds and configuration for dev, staging and prod, each with a database
/// that lacks the last migration.
/// </summary>
sealed class GuideProject : IAsyncDisposable
{
    readonly List<TestDatabase> _databases;

    GuideProject(List<TestDatabase> databases) => _databases = databases;

    public MigrationFolder Folder { get; } = new();

    public TestDatabase Dev => _databases[0];

    public TestDatabase Prod => _databases[2];

    public PowerShellSession Session => field ??= new PowerShellSession(Folder.Path);

    public static async Task<GuideProject> CreateAsync(GuideTemplate template)
    {
        var project = new GuideProject([await template.CopyAsync(), await template.CopyAsync(), await template.CopyAsync()]);
        foreach (var file in Directory.EnumerateFiles(BuildFacts.Of("OwnMigrations")))
        {
            project.Folder.Add("migrations/" + Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        project.Folder.Add("seeds/common/010_domains.json", """
            { "table": "domains", "key": ["name"], "rows": [{ "name": "Support", "description": "Shifts of the help desk" }] }
            """);
        project.Folder.Add("vividshift.json", "{ \"lockTimeoutSec\": 5 }\n");
        project.Folder.Add("vividshift.dev.json", $"{{ \"connectionString\": \"{project._databases[0].Url}\" }}\n");
        project.Folder.Add("vividshift.staging.json", $"{{ \"connectionString\": \"{project._databases[1].Url}\" }}\n");
        project.Folder.Add("vividshift.prod.json", $"{{ \"connectionString\": \"{project._databases[2].Url}\", \"protected\": true }}\n");
        return project;
    }

    /// <summary>Makes the guide's <c>production_backup.sql.gz</c> out of the production database.</summary>
    public async Task AddOldBackupAsync(CancellationToken cancellationToken)
    {
        using var dump = ProgramRun.Start("pg_dump", ["--dbname", Prod.Url]);
        var file = Folder.PathOf("backups/production_backup.sql.gz");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var packed = new GZipStream(File.Create(file), CompressionLevel.Fastest);
        await dump.StandardOutput.BaseStream.CopyToAsync(packed, cancellationToken);
        await dump.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, dump.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        foreach (var database in _databases)
        {
            await DropWhatWasPutAsideAsync(database);
            await database.DisposeAsync();
        }

        Folder.Dispose();
    }

    // A restore keeps the database it replaced, under a name that begins with the old one.
    static async Task DropWhatWasPutAsideAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.Server.Address.ConnectionString);
        await connection.OpenAsync();
        var names = new List<string>();
        await using (var find = new NpgsqlCommand("SELECT datname::text FROM pg_database WHERE datname LIKE $1", connection))
        {
            find.Parameters.Add(new() { Value = database.Name + "\\_%" });
            await using var reader = await find.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await using var drop = new NpgsqlCommand($"DROP DATABASE \"{name}\" WITH (FORCE)", connection);
            await drop.ExecuteNonQueryAsync();
        }
    }
}
