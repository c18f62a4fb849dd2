using System.Diagnostics;
using System.Globalization;
using Npgsql;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Benchmarks;

/// <summary>A shop's database with many types, keys, foreign keys and indexes; its backups; and the programs of PostgreSQL beside ours.</summary>
sealed class ShopWorkload : IDisposable
{
    const string Jobs = "2";

    const string Content =
        """
        CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, name text NOT NULL, tags text[] NOT NULL, settings jsonb NOT NULL, since timestamptz NOT NULL);
        CREATE TABLE orders (id uuid PRIMARY KEY, customer_id bigint NOT NULL, status varchar(20) NOT NULL, placed_at timestamptz NOT NULL, total numeric(12, 2) NOT NULL, note text, address jsonb NOT NULL);
        CREATE TABLE items (id bigint PRIMARY KEY, order_id uuid NOT NULL, sku text NOT NULL, quantity int NOT NULL, price numeric(10, 2) NOT NULL);
        CREATE TABLE events (id bigint PRIMARY KEY, customer_id bigint NOT NULL, kind text NOT NULL, at timestamptz NOT NULL, payload text NOT NULL);
        INSERT INTO customers SELECT g, 'user' || g || '@example.com', 'Name ' || md5(g::text), ARRAY['a' || g % 7, 'b' || g % 13], jsonb_build_object('lang', 'de', 'n', g), '2020-01-01'::timestamptz + g * interval '1 min'
            FROM generate_series(1, :orders / 3) g;
        INSERT INTO orders SELECT md5(g::text)::uuid, 1 + (g * 7919::bigint) % (:orders / 3), (ARRAY['new', 'paid', 'sent', 'void'])[1 + g % 4], '2021-01-01'::timestamptz + g * interval '20 s', g % 90000 / 3.0,
            CASE WHEN g % 5 = 0 THEN 'Please deliver ' || repeat(md5(g::text), 3) END, jsonb_build_object('street', 'Street ' || g % 9999, 'city', (ARRAY['Berlin', 'Wien', 'Basel', 'Graz'])[1 + g % 4]) FROM generate_series(1, :orders) g;
        INSERT INTO items SELECT g, md5((1 + g % :orders)::text)::uuid, 'SKU-' || g * 31 % 20000, 1 + g % 9, g % 5000 / 9.0 FROM generate_series(1, 2 * :orders) g;
        INSERT INTO events SELECT g, 1 + (g * 104729::bigint) % (:orders / 3), (ARRAY['login', 'view', 'buy'])[1 + g % 3], '2021-01-01'::timestamptz + g * interval '3 s', repeat(md5(g::text), 6) FROM generate_series(1, 2 * :orders) g;
        CREATE INDEX ON orders (customer_id); CREATE INDEX ON items (order_id); CREATE INDEX ON events (customer_id, at);
        ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
        ALTER TABLE items ADD FOREIGN KEY (order_id) REFERENCES orders;
        ALTER TABLE events ADD FOREIGN KEY (customer_id) REFERENCES customers;
        """;

    readonly string _folder = Path.Combine(Path.GetTempPath(), "vividshift-bench-" + Guid.NewGuid().ToString("N"));
    readonly MigrationEngine _engine = new();
    readonly RecordingObserver _observer = new();
    readonly TestDatabase _database;
    DatabaseBackup? _backup;

    public ShopWorkload(int orders)
    {
        Directory.CreateDirectory(_folder);
        _database = TestDatabase.CreateAsync(CancellationToken.None).GetAwaiter().GetResult();
        Execute(_database.ConnectionString, Content.Replace(":orders", orders.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Execute(_database.ConnectionString, "VACUUM ANALYZE");
    }

    DatabaseRequest Database => new() { WorkingFolder = _folder, ConnectionString = _database.ConnectionString };

    string Restored => _database.Name + "_r";

    string Dump => Path.Combine(_folder, "dump");

    public void Backup() => _backup = With(database => database.Backups.BackUpAsync(
        new() { Folder = Path.Combine(_folder, "backups"), Jobs = int.Parse(Jobs, CultureInfo.InvariantCulture) }, _observer, CancellationToken.None));

    public void PgDump() => Program("pg_dump", "--format=directory", "--jobs", Jobs, "--file", Dump, _database.Name);

    public void Restore() => With(async database =>
    {
        var plan = await database.Restores.PlanAsync(
            new() { Path = _backup!.Folder, TargetDatabase = Restored, Jobs = int.Parse(Jobs, CultureInfo.InvariantCulture) },
            source: null,
            _observer,
            CancellationToken.None);
        return await database.Restores.RunAsync(plan, _observer, CancellationToken.None);
    });

    public void PgRestore()
    {
        Execute(_database.Server.Address.ConnectionString, $"CREATE DATABASE \"{Restored}\" TEMPLATE template0");
        Program("pg_restore", "--exit-on-error", "--jobs", Jobs, "--dbname", Restored, Dump);
    }

    /// <summary>Away with what the one before made, so that each begins alike.</summary>
    public void Rest()
    {
        Execute(_database.Server.Address.ConnectionString, $"DROP DATABASE IF EXISTS \"{Restored}\" WITH (FORCE)");
        Execute(_database.Server.Address.ConnectionString, "CHECKPOINT");
        foreach (var folder in Directory.EnumerateDirectories(_folder, "backups/*").Where(folder => folder != _backup?.Folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Opens and closes, as each cmdlet does.</summary>
    T With<T>(Func<IDatabase, Task<T>> work) => Task.Run(async () =>
    {
        await using var database = await _engine.OpenAsync(new() { Database = Database }, CancellationToken.None);
        return await work(database);
    }).GetAwaiter().GetResult();

    public void Dispose()
    {
        Rest();
        _database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    void Program(string name, params string[] arguments)
    {
        if (name == "pg_dump" && Directory.Exists(Dump))
        {
            Directory.Delete(Dump, recursive: true);
        }

        var start = new ProcessStartInfo(name, arguments) { UseShellExecute = false };
        start.Environment["PGHOST"] = _database.Host;
        start.Environment["PGPORT"] = _database.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = _database.UserName;
        start.Environment["PGPASSWORD"] = _database.Password;
        using var program = Process.Start(start)!;
        program.WaitForExit();
        if (program.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} ended with {program.ExitCode}.");
        }
    }

    static void Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }
}
