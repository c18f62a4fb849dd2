namespace VividShift.Migrations.Engine.Health;

/// <summary>Pieces of the checks' queries.</summary>
static class Sql
{
    /// <summary>A relation by its oid: qualified, and quoted where it has to be.</summary>
    public static string Name(string oid) =>
        $"(SELECT quote_ident(xn.nspname) || '.' || quote_ident(xc.relname) FROM pg_class xc JOIN pg_namespace xn ON xn.oid = xc.relnamespace WHERE xc.oid = {oid})";

    /// <summary>True for a namespace row that is the users', not the server's.</summary>
    public static string IsOurs(string ns) =>
        $"({ns}.nspname <> 'information_schema' AND {ns}.nspname !~ '^pg_')";

    /// <summary>True for a relation that no extension brought: what an extension made is not ours to mend.</summary>
    public static string IsOwn(string oid) =>
        $"NOT EXISTS (SELECT FROM pg_depend xd WHERE xd.classid = 'pg_class'::regclass AND xd.objid = {oid} AND xd.deptype = 'e')";

    /// <summary>Bytes of a table's rows; of a partitioned one, of all its partitions.</summary>
    public static string Bytes(string oid) =>
        $"(SELECT coalesce(sum(pg_relation_size(xt.relid)), pg_relation_size({oid}))::bigint FROM pg_partition_tree({oid}) xt)";

    /// <summary>A name, always in quotes.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
