namespace VividShift.Migrations.Engine.Connections;

/// <summary>What our own reading runs under, beside what is always so (<see cref="SessionSettings.Reading"/>).</summary>
internal sealed record ReadSettings
{
    /// <summary>How long to wait for a lock; MaxValue: for ever; null: as long as for another runner.</summary>
    internal TimeSpan? LockTimeout { get; init; }

    /// <summary>How long one statement may take on the server; null: as long as it takes.</summary>
    internal TimeSpan? StatementTimeout { get; init; }

    /// <summary>How long the client waits for an answer; zero: for ever; null: as the connection says.</summary>
    internal TimeSpan? ClientTimeout { get; init; }

    /// <summary>The statement is the user's own and sees the names that the user's queries see. It cannot write either.</summary>
    internal bool UserNames { get; init; }

    /// <summary>Further settings, by name.</summary>
    internal IReadOnlyList<(string Name, string Value)> More { get; init; } = [];
}
