using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations.Engine;

/// <summary>The face that the cmdlets call.</summary>
public sealed class MigrationEngine : IMigrationEngine
{
    readonly SandboxService _sandbox = new();

    /// <summary>The environment variables; null: the process's, as they are when a database is opened.</summary>
    internal IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <inheritdoc/>
    public ISandboxService Sandbox => _sandbox;

    /// <inheritdoc/>
    public Task<IDatabase> OpenAsync(MigrationRequest request, CancellationToken cancellationToken) =>
        Task.Run<IDatabase>(() => Open(request), cancellationToken);

    internal DatabaseHandle Open(MigrationRequest request)
    {
        var configuration = LoadedConfiguration.Load(
            request, Variables ?? Configuration.Variables.OfProcess(), ConnectionParameters.KnownSettings);
        return new(new OpenDatabase(configuration, _sandbox.ConnectionStringAsync));
    }
}
