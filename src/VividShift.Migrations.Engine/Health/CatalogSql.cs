namespace VividShift.Migrations.Engine.Health;

/// <summary>Pieces of the checks' queries.</summary>
static class CatalogSql
{
    /// <summary>A relation by its oid: qualified, and quoted where it has to be.</summary>
    public static string Name(string oid) =>
        $"(SELECT quote_ident(xn.nspname) || '.' || quote_ident(xc.relname) FROM pg_class xc JOIN pg_namespace xn ON xn.oid = xc.relnamespace WHERE xc.oid = {oid})";

    /// <summary>True for a namespace row that is the users', not the server's.</summary>
    public static string IsOurs(string ns) =>
        $"({ns}.nspname <> 'information_schema' AND {ns}.nspname !~ '^pg_')";

    /// <summary>True for a relation that no extension brought: what an extension made is not ours to fix.</summary>
    public static string IsOwn(string oid) =>
        $"NOT EXISTS (SELECT FROM pg_depend xd WHERE xd.classid = 'pg_class'::regclass AND xd.objid = {oid} AND xd.deptype = 'e')";

    /// <summary>Bytes of a relation; of a partitioned one, of all its partitions.</summary>
    public static string Bytes(string oid) =>
        $"""
        (SELECT CASE WHEN xo.relkind IN ('p', 'I')
                     THEN (SELECT sum({Size("xs")})::bigint FROM {Tree(oid)} AS xt JOIN pg_class xs ON xs.oid = xt.oid)
                     ELSE {Size("xo")} END
         FROM pg_class xo WHERE xo.oid = {oid})
        """;

    /// <summary>
    /// Bytes of a pg_class row. The functions that know take a lock, and one table under ALTER TABLE would hold up the whole query: of
    /// those that are locked, or about to be, the catalogue's last count has to do.
    /// </summary>
    public static string Size(string relation, string function = "pg_relation_size") =>
        $"CASE WHEN {relation}.oid = ANY ({Locked}) THEN greatest({relation}.relpages, 0)::bigint * current_setting('block_size')::bigint ELSE {function}({relation}.oid) END";

    /// <summary>A table of the oids of a relation and its partitions, for use in FROM. Not pg_partition_tree, which locks them.</summary>
    public static string Tree(string oid) =>
        $"""
        (WITH RECURSIVE xm AS (
             SELECT {oid} AS oid
             UNION ALL
             SELECT xi.inhrelid FROM xm JOIN pg_class xp ON xp.oid = xm.oid AND xp.relkind IN ('p', 'I') JOIN pg_inherits xi ON xi.inhparent = xm.oid)
         SELECT oid FROM xm)
        """;

    // An index keeps its table's size from being known as well.
    const string Locked =
        """
        ARRAY(SELECT unnest(ARRAY[xl.relation, xi.indrelid]) FROM pg_locks xl LEFT JOIN pg_index xi ON xi.indexrelid = xl.relation
              WHERE xl.mode = 'AccessExclusiveLock' AND xl.database = (SELECT xd.oid FROM pg_database xd WHERE xd.datname = current_database()))
        """;
}
