using System.Diagnostics;
using System.Globalization;
using Npgsql;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Sandbox;

/// <summary>A project folder and a home for its sandbox, both of one test alone; the server is removed with them.</summary>
internal sealed class SandboxTrial : IAsyncDisposable
{
    readonly string _folder = ClusterFolder.Next("vividshift-sandbox-");

    public SandboxTrial(params (string Name, string Value)[] variables)
    {
        Directory.CreateDirectory(Project);
        Variables = variables.ToDictionary(static variable => variable.Name, static variable => variable.Value);
        Variables.TryAdd("PATH", Environment.GetEnvironmentVariable("PATH")!);
        Variables["VIVIDSHIFT_SANDBOX_HOME"] = Home;
        Control = new SandboxService(Variables.GetValueOrDefault, client: null);
        Place = new SandboxPaths(Home, Project);
    }

    public Dictionary<string, string> Variables { get; }

    public string Home => Path.Combine(_folder, "home");

    public string Project => Path.Combine(_folder, "My shop");

    public SandboxPaths Place { get; }

    public SandboxService Control { get; }

    public RecordingObserver Observer { get; } = new();

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(
            await Control.ConnectionStringAsync(Project, Observer, TestContext.Current.CancellationToken) + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Every running postmaster of this trial, by the system's process list.</summary>
    public IReadOnlyList<Process> Postmasters()
        => [.. Process.GetProcessesByName("postgres").Where(process =>
        {
            var file = $"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/cmdline";
            return File.Exists(file) && File.ReadAllText(file).Split('\0').Contains(Place.DataFolder, StringComparer.Ordinal);
        })];

    public async ValueTask DisposeAsync()
    {
        await Control.StopAsync(Project, remove: true, Observer, CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }
}
