using System.Globalization;
using System.Text.RegularExpressions;
using VividShift.Migrations.Backup;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>The arguments of pg_dump. Nothing in them is secret: database and user are told by its environment.</summary>
static partial class DumpCommand
{
    /// <summary>What applies whatever is dumped.</summary>
    static readonly string[] Always = ["--no-password", "--verbose"];

    // pg_dump itself takes level 6, which costs half as much time again and gains two per cent of size; the time is better spent on proof.
    const string DefaultCompression = "4";

    // pg_dump makes it a limit on the whole statement that locks all tables, which takes a moment also where nobody is in the way.
    static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    /// <summary>The jobs that are used when nobody says it.</summary>
    public static int DefaultJobs => Math.Min(4, Environment.ProcessorCount);

    /// <summary>How many jobs a request means.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: several jobs cannot write one file.</exception>
    public static int Jobs(BackupRequest request) => (request.Format, request.Jobs) switch
    {
        (BackupFormat.Custom, > 1) => throw new MigrationException(
            MigrationErrorCode.ConfigurationInvalid,
            "Several jobs cannot write one file: -Jobs is for the format Directory.",
            "Leave out -Jobs or -Format Custom."),
        (BackupFormat.Custom, _) => 1,
        (_, { } jobs) => jobs,
        _ => DefaultJobs,
    };

    /// <summary>Refuses what pg_dump of this major would not take.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid or VersionUnsupported.</exception>
    public static void ThrowUnlessCompression(string? compression, int toolMajor)
    {
        if (compression is null || Level().IsMatch(compression))
        {
            return;
        }

        if (!Method().IsMatch(compression))
        {
            throw new MigrationException(
                MigrationErrorCode.ConfigurationInvalid,
                $"-Compress '{compression}' is nothing that pg_dump takes.",
                "Write 0 to 9, or from PostgreSQL 16 on none, gzip, lz4 or zstd, with a level as in zstd:3.")
            {
                Target = compression,
            };
        }

        if (toolMajor < 16)
        {
            throw new MigrationException(
                MigrationErrorCode.VersionUnsupported,
                FormattableString.Invariant($"-Compress '{compression}' needs pg_dump 16 or newer, and this one is {toolMajor}."),
                "Write 0 to 9, or name newer programs with -PgBinPath.")
            {
                Target = compression,
            };
        }
    }

    /// <summary>All arguments.</summary>
    public static IReadOnlyList<string> Arguments(
        BackupRequest request, BackupContent content, IReadOnlyList<string> tables, string snapshot, string path, TimeSpan lockTimeout)
    {
        List<string> arguments =
        [
            .. Always,
            $"--snapshot={snapshot}",
            $"--format={(request.Format == BackupFormat.Custom ? "custom" : "directory")}",
            $"--file={path}",
            $"--lock-wait-timeout={Math.Max((long)LeastPatience.TotalMilliseconds, (long)lockTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}",
        ];
        if (request.Format == BackupFormat.Directory)
        {
            arguments.Add($"--jobs={Jobs(request).ToString(CultureInfo.InvariantCulture)}");
        }

        arguments.Add($"--compress={request.Compression ?? DefaultCompression}");

        if (content is BackupContent.SchemaOnly or BackupContent.DataOnly)
        {
            arguments.Add(content == BackupContent.SchemaOnly ? "--schema-only" : "--data-only");
        }

        // Patterns to pg_dump: what is between quotes stands for itself. A name that needs none is given some.
        arguments.AddRange(tables.Select(table => "--table=" + table));
        return arguments;
    }

    [GeneratedRegex("^[0-9]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Level();

    [GeneratedRegex("^(none|gzip|lz4|zstd)(:[A-Za-z0-9=,]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();
}
