using VividShift.Migrations.Catalog;
using VividShift.Migrations.Databases;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Planning;

/// <summary>Everything a plan is made from: what is in the folder, what history holds, where.</summary>
/// <param name="Catalog">The files.</param>
/// <param name="History">The rows.</param>
/// <param name="Database">The database.</param>
public sealed record PlanContext(MigrationCatalog Catalog, MigrationHistory History, DatabaseTarget Database)
{
    /// <summary>The files' statements; a context made from this one by <c>with</c> shares them.</summary>
    public ParsedScriptCache Scripts { get; init; } = new();

    /// <summary>True when the database does not exist yet.</summary>
    public bool DatabaseMissing { get; init; }

    /// <summary>Schemas to create before the history table.</summary>
    public IReadOnlyList<string> CreateSchemas { get; init; } = [];

    /// <summary>The key of sqlx's advisory lock for this database.</summary>
    public long LockKey { get; init; }
}
