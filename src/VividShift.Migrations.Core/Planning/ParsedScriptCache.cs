using System.Collections.Concurrent;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>Keeps what was split: a run plans twice over the same files, and a file can be a hundred megabytes.</summary>
public sealed class ParsedScriptCache
{
    readonly ConcurrentDictionary<MigrationFile, SqlScript> _scripts = new();

    /// <summary>The file's statements, split at the first call.</summary>
    public SqlScript Of(MigrationFile file) => _scripts.GetOrAdd(file, static f => SqlScript.Parse(f.Text));
}
