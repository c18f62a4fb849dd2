using System.Management.Automation;

namespace VividShift.Migrations.PowerShell;

/// <summary>A cmdlet that works on a folder of migrations and a database.</summary>
public abstract class VsDatabaseCmdlet : VsConnectionCmdlet
{
    readonly List<string> _literalPaths = [];

    /// <summary>
    /// Folders of migrations, or single files; wildcards are allowed. Default: what the configuration says, else the folder
    /// "migrations" in the current location.
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Folders of migrations, or single files, taken as they are written. Takes what Get-ChildItem emits.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Adds the paths that came with this object of the pipeline. Overrides call it.</summary>
    protected override void CollectInput() => _literalPaths.AddRange((LiteralPath ?? []).Select(path => SessionPaths.Literal(SessionState.Path, path)));

    /// <summary>True when -LiteralPath or the pipeline named a path.</summary>
    protected bool HasLiteralPaths => _literalPaths.Count > 0;

    /// <summary>Files and database as the user named them; the engine fills in the rest.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    protected sealed override MigrationRequest Request() => new()
    {
        Database = DatabaseRequest(),
        Paths = [.. (Path ?? []).SelectMany(path => SessionPaths.Wildcard(SessionState.Path, path)), .. _literalPaths.Distinct()],
    };
}
