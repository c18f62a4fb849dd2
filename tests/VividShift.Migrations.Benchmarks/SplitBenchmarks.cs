using BenchmarkDotNet.Attributes;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Benchmarks;

/// <summary>Splitting grows with the text and with nothing else.</summary>
public class SplitBenchmarks
{
    string _text = string.Empty;

    [Params(1, 10, 100)]
    public int Megabytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        const string Piece = "INSERT INTO people (id, name, note) VALUES (1, 'O''Hara; née', $q$it's; fine$q$); -- a comment; really\n";
        _text = string.Concat(Enumerable.Repeat(Piece, Megabytes * 1024 * 1024 / Piece.Length));
    }

    [Benchmark]
    public int Split() => SqlScript.Parse(_text).Statements.Count;
}
