using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Backup;

/// <summary>A database with something in it, and a folder for backups of it.</summary>
sealed class BackupFixture : IAsyncDisposable
{
    /// <summary>What a dump can trip over: odd names, an enum, partitions, sequences, views, large objects, generated columns.</summary>
    public const string Content =
        """"
        CREATE TYPE mood AS ENUM ('glad', 'sad');
        CREATE SCHEMA "Odd Schema";
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, m mood DEFAULT 'glad', double int GENERATED ALWAYS AS (2 * 3) STORED);
        INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, 500) i;
        CREATE TABLE "Odd Schema"."a=b 'c' ""d""" ("x y" json, by bytea);
        INSERT INTO "Odd Schema"."a=b 'c' ""d""" VALUES ('{"a": 1}', '\x00ff'), (NULL, NULL);
        CREATE TABLE events (at date, user_id bigint REFERENCES users, what text) PARTITION BY RANGE (at);
        CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        INSERT INTO events SELECT date '2025-06-01' + i, 1 + i % 500, 'what' FROM generate_series(1, 400) i;
        CREATE UNLOGGED TABLE cache (k int PRIMARY KEY);
        INSERT INTO cache VALUES (1);
        CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM events;
        CREATE SEQUENCE downwards INCREMENT -1;
        SELECT nextval('downwards'), nextval('downwards');
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN new; END $f$;
        CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
        SELECT lo_from_bytea(4711, '\x010203');
        """";

    BackupFixture(Workbench fixture) => Bench = fixture;

    public Workbench Bench { get; }

    public TestDatabase Database => Bench.Database;

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "vividshift-backup-" + Guid.NewGuid().ToString("N"));

    public IBackupService Control => Bench.Open().Backups;

    public BackupRequest Request => new() { Folder = Folder };

    public static async Task<BackupFixture> CreateAsync(string content = Content)
    {
        var fixture = new BackupFixture(await Workbench.CreateAsync());
        await fixture.Database.ExecuteAsync(content);
        return fixture;
    }

    public Task<DatabaseBackup> BackUpAsync(Func<BackupRequest, BackupRequest>? change = null, RecordingObserver? observer = null, CancellationToken? token = null) =>
        Control.BackUpAsync(change?.Invoke(Request) ?? Request, observer ?? new(), token ?? Workbench.Token);

    public Task<IReadOnlyList<Finding>> TestAsync(DatabaseBackup backup, bool restore = false) =>
        Control.TestAsync(new() { Folder = backup.Folder, Restore = restore }, new RecordingObserver(), Workbench.Token);

    public Task<BackupListing> ListAsync(Func<BackupSelection, BackupSelection>? change = null)
    {
        var selection = new BackupSelection { Folders = [Folder] };
        return Control.ListAsync(change?.Invoke(selection) ?? selection, Workbench.Token);
    }

    public async Task<MigrationException> FailsAsync(MigrationErrorCode code, Func<BackupRequest, BackupRequest> change)
    {
        var error = await Assert.ThrowsAsync<MigrationException>(() => BackUpAsync(change));
        Assert.Equal(code, error.Code);
        return error;
    }

    /// <summary>What is in the folder, hidden or not; nothing when it is not there.</summary>
    public IReadOnlyList<string> Entries() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateFileSystemEntries(Folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Select(path => Path.GetFileName(path))];

    /// <summary>Databases of trials of this one.</summary>
    public Task<long> ScratchAsync() => Bench.CountAsync($"pg_database WHERE datname LIKE '{Database.Name}\\_verify\\_%'");

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
