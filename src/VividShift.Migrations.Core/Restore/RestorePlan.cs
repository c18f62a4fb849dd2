using System.Globalization;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Restore;

/// <summary>What a restore would do, or why not, after everything was checked. Nothing has been written yet.</summary>
public sealed record RestorePlan
{
    /// <summary>What was asked.</summary>
    public required RestoreRequest Request { get; init; }

    /// <summary>The database that there will be.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>The opened database that made it, the only one that runs it.</summary>
    public object? MadeBy { get; init; }

    /// <summary>True when a database of that name is there and will be replaced.</summary>
    public required bool Replaces { get; init; }

    /// <summary>The folder or file that is restored.</summary>
    public required string Path { get; init; }

    /// <summary>What it is.</summary>
    public required RestoreSourceKind Kind { get; init; }

    /// <summary>How it will be compared with what was backed up.</summary>
    public required RestoreComparison Comparison { get; init; }

    /// <summary>What the database is called while it is being restored.</summary>
    public required string RestoredAs { get; init; }

    /// <summary>What the old database will be called; null when there is none, or when it is dropped.</summary>
    public string? KeptAs => Request.DropDatabase ? null : PutAsideAs;

    /// <summary>What the old database is called from the swap on, were it only until it is dropped; null when there is none.</summary>
    public string? PutAsideAs { get; init; }

    /// <summary>Who is connected to the old database and would be ended.</summary>
    public IReadOnlyList<ConnectedSession> Sessions { get; init; } = [];

    /// <summary>Databases that killed restores left behind; the run removes them.</summary>
    public IReadOnlyList<string> UnfinishedCopies { get; init; } = [];

    /// <summary>What is the matter: what refuses it, all at once, and what deserves attention.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Why it will not run; empty when it will. The first one is the one to tell.</summary>
    public IReadOnlyList<Finding> Refusals => [.. Findings.Where(f => f.Refuses)];

    /// <summary>The other findings in words.</summary>
    public IReadOnlyList<string> Warnings => [.. Findings.Where(f => !f.Refuses).Select(f => f.Describe())];

    /// <summary>Throws the first refusal, with all of them as findings.</summary>
    /// <exception cref="MigrationException">With the refusal's code.</exception>
    public void ThrowIfRefused() => MigrationException.ThrowIfRefused(Findings, Database);

    /// <summary>What -WhatIf and -Confirm call it.</summary>
    public string Action
    {
        get
        {
            var what = Request.Tables.Count == 0 ? Path : $"{string.Join(", ", Request.Tables)} from {Path}";
            if (!Replaces)
            {
                return $"Restore {what} into a new database";
            }

            var sessions = Sessions.Count == 0
                ? string.Empty
                : string.Create(CultureInfo.InvariantCulture, $", end {Sessions.Count} session{(Sessions.Count == 1 ? string.Empty : "s")}");
            return $"Restore {what} into a new database{sessions}, swap the two, {(KeptAs is null ? "drop the old one" : $"keep the old one as {KeptAs}")}";
        }
    }
}

/// <summary>What a database is restored from.</summary>
public enum RestoreSourceKind
{
    /// <summary>A backup of Backup-VsDatabase, with its manifest.</summary>
    Backup,

    /// <summary>An archive that pg_dump wrote (custom or directory format), without a manifest.</summary>
    Archive,

    /// <summary>A plain script of pg_dump, maybe compressed by gzip.</summary>
    Script,
}

/// <summary>A session on the database that is to be replaced.</summary>
/// <param name="ProcessId">The process id of its back end; 0 for a prepared transaction, which no session holds.</param>
/// <param name="Role">The role that signed in; null for a worker of the server.</param>
/// <param name="Application">What it calls itself; empty when it does not, or when this role may not see it.</param>
/// <param name="Client">The address it comes from; null for a local socket.</param>
/// <param name="Since">Since when it has been connected; null when this role may not see it.</param>
/// <param name="State">active, idle, idle in transaction; null when this role may not see it.</param>
public sealed record ConnectedSession(int ProcessId, string? Role, string Application, string? Client, DateTimeOffset? Since, string? State)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var parts = new[]
        {
            ProcessId == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"pid {ProcessId}"),
            Role is null ? null : $"role {Role}",
            Application.Length == 0 ? null : Application,
            Client is null ? null : $"from {Client}",
            State,
            Since is { } since ? string.Create(CultureInfo.InvariantCulture, $"since {since:u}") : null,
        };
        return string.Join(", ", parts.OfType<string>());
    }
}
