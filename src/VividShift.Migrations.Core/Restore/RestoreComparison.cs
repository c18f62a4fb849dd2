namespace VividShift.Migrations.Restore;

/// <summary>How a restored database is compared with what was backed up, before it takes the place of the old one.</summary>
public enum RestoreComparison
{
    /// <summary>Not at all: archives and scripts have no manifest to be compared with.</summary>
    None,

    /// <summary>
    /// Rows are counted, sequences and definitions compared. Enough when a trial restore has proved the content of the very same files on a
    /// server of the same major.
    /// </summary>
    Counts,

    /// <summary>As <see cref="Counts"/>, and the content of every table by its hash.</summary>
    Content,
}
