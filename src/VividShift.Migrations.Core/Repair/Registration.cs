using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Repair;

/// <summary>Marks versions as applied without running them, and takes that back.</summary>
static class Registration
{
    public static void Judge(RepairPlanBuilder draft)
    {
        var applied = draft.Rows.ToDictionary(r => r.Version);
        var wanted = new SortedDictionary<long, MigrationFile>();
        if (draft.Request.Target is { } target)
        {
            AddUpTo(draft, target, applied, wanted);
        }

        foreach (var version in draft.Request.Versions?.Distinct() ?? [])
        {
            if (applied.TryGetValue(version, out var row))
            {
                JudgeKnown(draft, row);
            }
            else if (draft.Context.Catalog.Find(version)?.Up is { } up)
            {
                wanted[version] = up;
            }
            else
            {
                draft.Refuse(
                    FormattableString.Invariant($"No file has version {version}."),
                    "See Get-VsMigrationStatus for the versions there are.",
                    version);
            }
        }

        JudgeFiles(draft, wanted);
        JudgeHoles(draft, applied, wanted);
        foreach (var (version, up) in wanted)
        {
            // What sqlx migrate override skip writes.
            draft.Add(
                new(version, up.Description, DateTimeOffset.UtcNow, Success: true, up.Checksum, ExecutionTime: -1),
                "marked as applied, not run");
        }
    }

    public static void JudgeBack(RepairPlanBuilder draft)
    {
        var leaving = draft.NamedRows().OrderByDescending(r => r.Version).ToList();
        foreach (var row in leaving.Where(r => !r.Success).ToList())
        {
            draft.Refuse(row);
        }

        var kept = draft.Rows.Where(r => !leaving.Contains(r)).ToList();
        if (!draft.Request.Force && leaving.Find(r => kept.Exists(k => k.Version > r.Version)) is { } under)
        {
            var newer = kept.Last();
            draft.Refuse(
                FormattableString.Invariant($"{RepairPlanBuilder.NameOf(under)} is older than {newer.Version}, which stays applied: it would become a late migration, which runs refuse."),
                "Take the newer ones out as well, or leave the hole with -Force.", under.Version);
        }

        foreach (var row in leaving.Where(r => r.Success))
        {
            draft.Remove(row, draft.Context.Catalog.Find(row.Version)?.Up is null
                ? "taken out of history; it has no file"
                : "taken out of history: it is pending again; what it made stays in the database");
        }
    }

    static void AddUpTo(RepairPlanBuilder draft, long target, Dictionary<long, AppliedMigration> applied, SortedDictionary<long, MigrationFile> wanted)
    {
        if (draft.Context.Catalog.Find(target)?.Up is null)
        {
            draft.Refuse(
                FormattableString.Invariant($"No file has version {target}, the target."),
                "See Get-VsMigrationStatus for the versions there are.",
                target);
            return;
        }

        foreach (var migration in draft.Context.Catalog.Migrations.Where(m => m.Up is not null && m.Version <= target))
        {
            if (!applied.TryGetValue(migration.Version, out var row))
            {
                wanted[migration.Version] = migration.Up!;
            }
            else if (!row.Success)
            {
                JudgeKnown(draft, row);
            }
        }
    }

    static void JudgeKnown(RepairPlanBuilder draft, AppliedMigration row)
    {
        if (!row.Success)
        {
            draft.Refuse(row);
        }
        else
        {
            draft.PassOver(row.Version, $"{RepairPlanBuilder.NameOf(row)} is applied already.", "Leave it out.");
        }
    }

    /// <summary>A duplicate or a file with a byte order mark would be marked with a checksum that no run accepts.</summary>
    static void JudgeFiles(RepairPlanBuilder draft, SortedDictionary<long, MigrationFile> wanted)
    {
        foreach (var finding in draft.Context.Catalog.Findings)
        {
            if (finding is { Refuses: true, Version: { } version } && wanted.ContainsKey(version))
            {
                draft.Refuse(finding);
            }
        }
    }

    static void JudgeHoles(RepairPlanBuilder draft, Dictionary<long, AppliedMigration> applied, SortedDictionary<long, MigrationFile> wanted)
    {
        if (draft.Request.Force || wanted.Count == 0)
        {
            return;
        }

        var newest = wanted.Keys.Max();
        // What is late already is no hole of ours.
        var hole = draft.Context.Catalog.Migrations.FirstOrDefault(m =>
            m.Up is not null && m.Version < newest && (draft.Context.History.Newest is not { } known || m.Version > known)
            && !applied.ContainsKey(m.Version) && !wanted.ContainsKey(m.Version));
        if (hole is not null)
        {
            draft.Refuse(
                FormattableString.Invariant(
                    $"Migration {hole} would be left pending below {newest}: it would become a late migration, which runs refuse."),
                FormattableString.Invariant($"Mark it, too (-Target {newest} marks all up to it), or leave the hole with -Force."),
                hole.Version);
        }
    }
}
