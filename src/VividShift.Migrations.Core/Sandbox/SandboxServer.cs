namespace VividShift.Migrations.Sandbox;

/// <summary>The private PostgreSQL server of a project folder.</summary>
public sealed record SandboxServer
{
    /// <summary>The folder it belongs to.</summary>
    public required string ProjectFolder { get; init; }

    /// <summary>Where its data is.</summary>
    public required string DataFolder { get; init; }

    /// <summary>True while it answers.</summary>
    public required bool Running { get; init; }

    /// <summary>Its loopback port; null when it does not run.</summary>
    public int? Port { get; init; }

    /// <summary>Process id of the postmaster; null when it does not run.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Version of the server, such as 15.20.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Where its programs are.</summary>
    public string? BinaryFolder { get; init; }

    /// <summary>The database that <c>-Sandbox</c> uses.</summary>
    public required string Database { get; init; }

    /// <summary>The role that owns it.</summary>
    public required string UserName { get; init; }
}
