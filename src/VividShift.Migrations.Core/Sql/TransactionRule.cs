namespace VividShift.Migrations.Sql;

/// <summary>How a statement gets on with a transaction block (PostgreSQL manual: each command's Notes; measured on 12-18).</summary>
public enum TransactionRule
{
    /// <summary>Runs inside and outside.</summary>
    Any,

    /// <summary>PostgreSQL refuses it inside a transaction block (SQLSTATE 25001, for a DO that commits 2D000).</summary>
    Outside,

    /// <summary>Begins a transaction: BEGIN, START TRANSACTION.</summary>
    Begins,

    /// <summary>Ends one successfully: COMMIT, END.</summary>
    Commits,

    /// <summary>Other transaction control: ROLLBACK, PREPARE TRANSACTION, COMMIT AND CHAIN, ...</summary>
    Controls,

    /// <summary>
    /// Needs a transaction block and leaves it open: SAVEPOINT, RELEASE, ROLLBACK TO, LOCK TABLE, DECLARE without HOLD
    /// (SQLSTATE 25P01 when sent alone). Fine in a migration that is one transaction.
    /// </summary>
    Inside,
}
