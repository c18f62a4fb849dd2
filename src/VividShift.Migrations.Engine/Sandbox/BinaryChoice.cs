namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// Chooses the programs for a server. A data folder can be served by the major that made it and by no other, so an existing one
/// decides; for a new one the first find is taken.
/// </summary>
internal sealed class BinaryChoice(BinaryLocator locator, EmbeddedBinaries embedded)
{
    /// <summary>The programs for a place.</summary>
    /// <exception cref="MigrationException">
    /// SandboxFailed: only other majors are here. ToolMissing: nothing is here and nothing could be downloaded.
    /// </exception>
    public async Task<ServerBinaries> ForAsync(SandboxPaths place, SandboxState? state, CancellationToken cancellationToken)
    {
        var made = MajorOf(place.DataFolder);
        if (made is not null && state?.BinaryFolder is { } last && await locator.ProbeAsync(last, cancellationToken) is { } same
            && same.Major == made)
        {
            return same;
        }

        var others = new List<ServerBinaries>();
        await foreach (var found in locator.FindAsync(cancellationToken))
        {
            if (made is null || found.Major == made)
            {
                return found;
            }

            others.Add(found);
        }
        if (others.Count == 0)
        {
            return await embedded.InstallAsync(place.Home, made, cancellationToken);
        }

        var known = string.Join(", ", others.Select(static other => $"{other.Version} in '{other.Folder}'"));
        throw new MigrationException(
            MigrationErrorCode.SandboxFailed,
            $"The sandbox of '{place.ProjectFolder}' was made by PostgreSQL {made}, and this machine has only {known}, which cannot read its data.",
            FormattableString.Invariant(
                $"Install PostgreSQL {made} or name its folder in VIVIDSHIFT_PGBIN. If the data may go: {SandboxFailure.BeginAfresh}"))
        {
            DatabaseState = $"It is not running; its data in '{place.DataFolder}' is as it was.",
        };
    }

    static int? MajorOf(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "PG_VERSION");
        return File.Exists(file) ? ServerBinaries.MajorOf(File.ReadAllText(file).Trim()) : null;
    }
}
