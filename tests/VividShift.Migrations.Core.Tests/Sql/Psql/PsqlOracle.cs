using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace VividShift.Migrations.Core.Tests.Sql.Psql;

/// <summary>Lets the real psql split scripts.</summary>
static class PsqlOracle
{
    /// <summary>What psql sends for each of the scripts; one run of psql for all of them.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<SentStatement>>> SplitAsync(IReadOnlyCollection<string> scripts)
    {
        var folder = Directory.CreateTempSubdirectory("vividshift-psql-");
        try
        {
            using var server = new RecordingServer();
            var start = StartInfo(server.Port);
            foreach (var script in scripts)
            {
                var file = Path.Combine(folder.FullName, $"{start.ArgumentList.Count}.sql");
                await File.WriteAllBytesAsync(file, Encoding.UTF8.GetBytes(script));
                foreach (var argument in new[] { "-f", file, "-c", RecordingServer.Mark })
                {
                    start.ArgumentList.Add(argument);
                }
            }

            await RunAsync(start, server);
            Assert.Equal(scripts.Count, server.Scripts.Count);
            return server.Scripts;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static ProcessStartInfo StartInfo(int port) => new("psql")
    {
        ArgumentList =
        {
            "-X", "-q", "-d", $"host=127.0.0.1 port={port} user=u dbname=d password=p sslmode=disable gssencmode=disable",
        },
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectStandardInput = true,
    };

    static async Task RunAsync(ProcessStartInfo start, RecordingServer server)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var psql = Start(start);
        psql.StandardInput.Close();
        var output = psql.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = psql.StandardError.ReadToEndAsync(timeout.Token);
        var exit = psql.WaitForExitAsync(timeout.Token);
        var serving = server.ServeAsync(timeout.Token);
        if (await Task.WhenAny(exit, serving) == exit && server.Scripts.Count == 0)
        {
            Assert.Fail($"psql ended before it ran anything: {await errors}{await output}");
        }

        await Task.WhenAll(exit, serving, output, errors);
    }

    static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                "These tests compare with the real psql (15 or newer), which is not on the PATH. Install postgresql-client.", e);
        }
    }
}
