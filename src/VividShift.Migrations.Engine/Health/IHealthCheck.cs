using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health;

/// <summary>One thing that can be wrong with a database, and the query that sees it.</summary>
interface IHealthCheck
{
    /// <summary>What it looks for, as in "looking for ...": it stands in progress and in findings about the check itself.</summary>
    string Title { get; }

    /// <summary>What it is about.</summary>
    HealthGroup Group { get; }

    /// <summary>The oldest major version of a server that has what it looks at.</summary>
    int MinimumMajor => 12;

    /// <summary>
    /// Looks. Findings are added as they are made, so that they count when the check runs out of time. It may throw whatever the server
    /// says: <see cref="HealthRun"/> knows what to make of it.
    /// </summary>
    Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken);
}
