using System.Diagnostics;
using System.Globalization;
using System.Text;
using VividShift.Migrations.Engine;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Benchmarks;

/// <summary>A folder of migrations that each make a table with a key, an index and a comment, and a database for them.</summary>
sealed class Workload : IDisposable
{
    readonly MigrationFolder _folder = new();
    readonly MigrationEngine _engine = new();
    readonly string _allUps;
    readonly string _allDowns;
    TestDatabase? _database;

    public Workload(int files)
    {
        var ups = new StringBuilder();
        var downs = new StringBuilder();
        for (var i = 1; i <= files; i++)
        {
            var (name, up, down) = Migration(i);
            _folder.Add(name + ".up.sql", up);
            _folder.Add(name + ".down.sql", down);
            // What psql runs is what a migration is: a transaction each.
            ups.Append("BEGIN;\n").Append(up).Append("COMMIT;\n");
            downs.Insert(0, $"BEGIN;\n{down}COMMIT;\n");
        }

        _allUps = Save("all-ups.txt", ups);
        _allDowns = Save("all-downs.txt", downs);
    }

    /// <summary>The migration of a number: its files' name, and what is in them.</summary>
    public static (string Name, string Up, string Down) Migration(int number) => (
        FormattableString.Invariant($"{20200101000000 + number}_create_t{number}"),
        string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TABLE t{number} (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now()
            );
            CREATE INDEX t{number}_name_idx ON t{number} (name);
            COMMENT ON TABLE t{number} IS 'Table {number}; one of many';

            """),
        FormattableString.Invariant($"DROP TABLE t{number};\n"));

    MigrationRequest Request => new()
    {
        Database = new() { WorkingFolder = _folder.Path, ConnectionString = _database!.ConnectionString },
        Paths = [_folder.Path],
    };

    public void NewDatabase()
    {
        DropDatabase();
        _database = TestDatabase.CreateAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public void Apply() => Run(new());

    public void Undo() => Run(new() { Direction = MigrationDirection.Down, All = true });

    public int Status() => With(async database => (await database.Migrations.GetStatusAsync(new RecordingObserver(), CancellationToken.None)).Count);

    public void PsqlUp() => Psql(_allUps);

    public void PsqlDown() => Psql(_allDowns);

    public void Dispose()
    {
        DropDatabase();
        _folder.Dispose();
    }

    int Run(PlanRequest request) => With(async database =>
    {
        var observer = new RecordingObserver();
        var plan = await database.Migrations.PlanAsync(request, observer, CancellationToken.None);
        plan.ThrowIfRefused();
        await observer.RunAsync(database, new() { Agreed = plan, AgreedSteps = plan.Steps.Count }, CancellationToken.None);
        return plan.Steps.Count;
    });

    /// <summary>Opens and closes, as each cmdlet does.</summary>
    T With<T>(Func<IDatabase, Task<T>> work) => Task.Run(async () =>
    {
        await using var database = await _engine.OpenAsync(Request, CancellationToken.None);
        return await work(database);
    }).GetAwaiter().GetResult();

    void Psql(string file)
    {
        using var psql = Process.Start(new ProcessStartInfo("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", _database!.Url, "-f", file])
        {
            UseShellExecute = false,
        })!;
        psql.WaitForExit();
        if (psql.ExitCode != 0)
        {
            throw new InvalidOperationException($"psql ended with {psql.ExitCode}.");
        }
    }

    string Save(string name, StringBuilder text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text.ToString());
        return path;
    }

    void DropDatabase()
    {
        _database?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _database = null;
    }
}
