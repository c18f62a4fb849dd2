using System.Globalization;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Testing;

/// <summary>pg_dump of this machine.</summary>
internal static class SchemaDump
{
    public static readonly string[] Options = ["--schema-only", "--no-password"];

    public static Task<string> LocalAsync(ServerAddress database, CancellationToken cancellationToken) => RunAsync("pg_dump", database, cancellationToken);

    /// <summary>The same by a pg_dump of one's choice.</summary>
    public static async Task<string> RunAsync(string program, ServerAddress database, CancellationToken cancellationToken)
    {
        var start = ExternalProgram.Describe(program, [
            .. Options, "-h", database.Host, "-p", database.Port.ToString(CultureInfo.InvariantCulture),
            "-U", database.UserName, "-d", database.Database]);
        start.Environment["PGPASSWORD"] = database.Password;
        var run = await ExternalProgram.RunAsync(start, cancellationToken);
        return run.Succeeded ? run.Output : throw new InvalidOperationException($"pg_dump of {database} failed: {run.Text}");
    }
}
