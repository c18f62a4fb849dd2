using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VividShift.Migrations.Engine.ClientPrograms;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Restoring;

/// <summary>What pg_restore says of an archive without restoring it.</summary>
/// <param name="ServerMajor">The major of the server that was dumped; 0 when the archive does not say.</param>
/// <param name="Entries">The lines of its table of contents.</param>
sealed partial record ArchiveContents(int ServerMajor, IReadOnlyList<string> Entries)
{
    /// <summary>The entries that hold rows of a table: <c>public users postgres</c>, schema, name and owner.</summary>
    public IEnumerable<string> TableData => Entries.Select(entry => DataPattern().Match(entry)).Where(match => match.Success).Select(match => match.Groups["of"].Value);

    /// <summary>Reads the table of contents.</summary>
    /// <exception cref="MigrationException">BackupInvalid: pg_restore cannot read it; VersionUnsupported: it is too new for this pg_restore.</exception>
    public static async Task<ArchiveContents> ReadAsync(
        ClientProgram pgRestore, ResolvedDatabase database, string path, CancellationToken cancellationToken)
    {
        var text = await OutputAsync(pgRestore, database, path, ["--list", path], cancellationToken);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var version = lines.Select(line => VersionPattern().Match(line)).FirstOrDefault(match => match.Success);
        return new(
            version is null ? 0 : int.Parse(version.Groups["major"].Value, CultureInfo.InvariantCulture),
            [.. lines.Where(line => !line.StartsWith(';'))]);
    }

    /// <summary>The statements that it would run, without the rows.</summary>
    /// <exception cref="MigrationException">BackupInvalid.</exception>
    public static Task<string> SchemaAsync(
        ClientProgram pgRestore, ResolvedDatabase database, string path, IEnumerable<string> options, CancellationToken cancellationToken) =>
        OutputAsync(pgRestore, database, path, ["--schema-only", .. options, "--file=-", path], cancellationToken);

    static async Task<string> OutputAsync(
        ClientProgram pgRestore, ResolvedDatabase database, string path, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var text = string.Empty;
        var run = new ClientRun(pgRestore, database)
        {
            Output = async (stream, token) =>
            {
                using var reader = new StreamReader(stream, Encoding.UTF8);
                text = await reader.ReadToEndAsync(token);
            },
        };
        var end = await run.RunAsync(arguments, cancellationToken);
        if (end.Succeeded)
        {
            return text;
        }

        var tooNew = end.Complaints.Any(line => line.Contains("unsupported version", StringComparison.Ordinal));
        var advice = tooNew ? "Use the client programs of the version that wrote it (-PgBinPath)." : "Take another copy of it, or another backup.";
        throw new MigrationException(
            tooNew ? MigrationErrorCode.VersionUnsupported : MigrationErrorCode.BackupInvalid,
            $"pg_restore {pgRestore.Version} cannot read '{path}'. {end.Said} Nothing was changed. {advice}")
        {
            Advice = advice,
            DatabaseState = "Nothing was changed.",
            Target = path,
        };
    }

    [GeneratedRegex(@"^;\s+Dumped from database version: (?<major>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^\d+; \d+ \d+ TABLE DATA (?<of>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DataPattern();
}
