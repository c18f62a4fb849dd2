using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Repair;

/// <summary>
/// Stamps the checksum of the file as it is on the row of the file as it was. By itself only where it is proved that they differ in line
/// endings, byte order mark or last line break: a file of just those bytes hashes to what history holds.
/// </summary>
static class ChecksumRepair
{
    public static void Judge(RepairPlanBuilder draft)
    {
        if (draft.Request is { AcceptChange: true, Versions: null })
        {
            draft.Refuse(
                "-AcceptChange needs to be told which edits are meant.",
                "Say with -Version, or by the pipeline, which migrations.",
                version: null);
            return;
        }

        foreach (var row in draft.Request.Versions is null ? draft.Rows : draft.NamedRows())
        {
            var up = draft.Context.Catalog.Find(row.Version)?.Up;
            if (!row.Success || up is null)
            {
                Other(draft, row);
            }
            else if (up.Checksum != row.Checksum)
            {
                JudgeDifference(draft, row, up);
            }
            else if (draft.Request.Versions is not null)
            {
                draft.PassOver(row.Version, $"{RepairPlanBuilder.NameOf(row)} has the checksum of its file: there is nothing to repair.", "Leave it.");
            }
        }
    }

    static void JudgeDifference(RepairPlanBuilder draft, AppliedMigration row, MigrationFile up)
    {
        var after = row with { Checksum = up.Checksum };
        if (ChecksumDifference.Explain(up, row.Checksum) is { } harmless)
        {
            draft.Change(row, after, $"proved to differ {harmless}");
        }
        else if (draft.Request.AcceptChange)
        {
            draft.Change(row, after, "the edit of the file was accepted");
        }
        else
        {
            draft.Refuse(row);
        }
    }

    /// <summary>Something that another switch fixes: an error for who asked about this version, a warning for who asked about all.</summary>
    static void Other(RepairPlanBuilder draft, AppliedMigration row)
    {
        if (draft.Request.Versions is null)
        {
            draft.Warn(row);
        }
        else
        {
            draft.Refuse(row);
        }
    }
}
