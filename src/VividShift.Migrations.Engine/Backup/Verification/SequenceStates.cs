using System.Data;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>How far the sequences of a database are.</summary>
static class SequenceStates
{
    // Not the view pg_sequences, which has those of extensions as well; pg_dump leaves them out. CASE keeps the planner from asking about what
    // is no sequence.
    const string Sql =
        """
        SELECT n.nspname::text AS schema, c.relname::text AS name, pg_sequence_last_value(c.oid) AS last, s.seqincrement AS increment
        FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relpersistence <> 't' AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'USAGE,SELECT') END AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1, 2
        """;

    /// <summary>Every sequence that has handed out a value.</summary>
    public static async Task<IReadOnlyList<SequenceState>> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var all = await session.QueryAsync(
            Sql,
            row => row.GetInt64OrNull("last") is { } last
                ? new SequenceState(row.GetString("schema"), row.GetString("name"), last, row.GetInt64("increment"))
                : null,
            cancellationToken);
        return [.. all.OfType<SequenceState>()];
    }
}
