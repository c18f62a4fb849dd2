namespace VividShift.Migrations.Engine.Tests;

/// <summary>Opens databases as cmdlets do, keeps them until the end of a test, and finds the one that made a plan.</summary>
sealed class OpenedDatabases : IAsyncDisposable
{
    readonly List<DatabaseHandle> _all = [];

    /// <summary>The environment variables; null: the process's.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Opens one anew: what is configured now counts.</summary>
    public DatabaseHandle Open(MigrationRequest request)
    {
        var opened = new MigrationEngine { Variables = Variables }.Open(request);
        lock (_all)
        {
            _all.Add(opened);
        }

        return opened;
    }

    /// <summary>The one that made a plan.</summary>
    public IDatabase MakerOf(object? madeBy)
    {
        lock (_all)
        {
            return _all.Single(opened => ReferenceEquals(opened.Opened, madeBy));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _all)
        {
            await opened.DisposeAsync();
        }
    }
}
