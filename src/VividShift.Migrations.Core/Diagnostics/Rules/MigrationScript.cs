using VividShift.Migrations.Catalog;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>A file with its statements.</summary>
/// <param name="File">The file.</param>
/// <param name="Script">Its statements.</param>
public sealed record MigrationScript(MigrationFile File, SqlScript Script)
{
    /// <summary>
    /// Why it cannot be one transaction: the file's header, or a statement that PostgreSQL refuses there. Null when it can.
    /// </summary>
    public string? NonTransactionalReason =>
        File.NoTransaction ? "the file begins with '-- no-transaction'"
        : Outside is { } statement ? $"{statement.Command} cannot run inside a transaction"
        : null;

    /// <summary>The first statement that PostgreSQL refuses inside a transaction; null when there is none.</summary>
    public SqlStatement? Outside => First(s => s.Transaction == TransactionRule.Outside);

    /// <summary>
    /// True when the file can be one transaction: no header against it, and no statement that PostgreSQL refuses there. Splits it only where a
    /// word in it could begin such a statement.
    /// </summary>
    public static bool IsTransactional(MigrationFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return !file.NoTransaction && (!TransactionRules.MayRunOutside(file.Content.Span) || Of(file).NonTransactionalReason is null);
    }

    /// <summary>Splits a file.</summary>
    public static MigrationScript Of(MigrationFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(file, SqlScript.Parse(file.Text));
    }

    /// <summary>The first statement of the body that is such a one; null when none is.</summary>
    public SqlStatement? First(Func<SqlStatement, bool> condition) => Script.Body.FirstOrDefault(condition);

    /// <summary>The place of an offset in the text.</summary>
    public SourceLocation Locate(int offset)
    {
        var (line, column) = Script.Locate(offset);
        return new(File.Path, line, column, Script.LineText(line));
    }
}
