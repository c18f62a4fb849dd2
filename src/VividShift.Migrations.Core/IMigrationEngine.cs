using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations;

/// <summary>
/// The engine as the cmdlets see it. Implemented behind the wall; everything that crosses is a type of this assembly or of the
/// framework.
/// </summary>
public interface IMigrationEngine
{
    /// <summary>Private servers, which are no database yet.</summary>
    ISandboxService Sandbox { get; }

    /// <summary>
    /// Reads what is configured, once: whatever is done with the database that it returns, is done with these settings. Does not connect, and
    /// a project without a database opens as well.
    /// </summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line.</exception>
    Task<IDatabase> OpenAsync(MigrationRequest request, CancellationToken cancellationToken);
}
