using System.Security.Cryptography;
using System.Text;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore.Running;

/// <summary>Fills an empty database from a plain script, by psql.</summary>
sealed class ScriptRestore(ClientProgram psql, ResolvedDatabase database, int serverMajor, RestoreSource source, IMigrationObserver observer)
{
    /// <summary>Runs it to its end.</summary>
    /// <exception cref="MigrationException">RestoreFailed.</exception>
    public async Task RunAsync(string activity, CancellationToken cancellationToken)
    {
        var script = new PlainScript(source.Path);
        var run = new ClientRun(psql, database)
        {
            Input = async (stream, token) =>
            {
                if (KnowsRestrict(psql.Version))
                {
                    // psql then takes no command of its own from the script, wherever in a line it may hide.
                    var token128 = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"\\restrict {token128}\n"), token);
                }

                await script.CopyToAsync(stream, serverMajor, percent => observer.Report(new ProgressChanged(activity, source.Path, percent)), token);
            },
        };
        var end = await run.RunAsync(
            ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", $"--dbname={ClientRun.Conninfo(database.Target.Database)}", "--file=-"],
            cancellationToken);
        if (!end.Succeeded)
        {
            throw new MigrationException(MigrationErrorCode.RestoreFailed, $"psql stopped at an error. {end.Said}".TrimEnd()) { DatabaseState = null };
        }
    }

    /// <summary>True for the releases of August 2025 and later, which brought \restrict.</summary>
    internal static bool KnowsRestrict(string version) => Version.TryParse(version, out var found) && found.Minor >= found.Major switch
    {
        13 => 22,
        14 => 19,
        15 => 14,
        16 => 10,
        17 => 6,
        > 17 => 0,
        _ => int.MaxValue,
    };
}
