using VividShift.Migrations.Configuration;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Configuration;

/// <summary>A project folder with files and variables of its own; the process's variables play no part.</summary>
sealed class Project : IDisposable
{
    readonly MigrationFolder _folder = new();

    internal Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    internal RecordingObserver Observer { get; } = new();

    internal string Folder => _folder.Path;

    internal string Add(string name, string text) => _folder.Add(name, text);

    internal DatabaseRequest Request(
        string? connectionString = null, string? server = null, int? port = null, string? database = null, string? userName = null,
        string? password = null, string? environment = null, string? configurationPath = null, bool sandbox = false) => new()
        {
            WorkingFolder = Folder,
            ConnectionString = connectionString,
            Server = server,
            Port = port,
            Database = database,
            UserName = userName,
            Password = password,
            Environment = environment,
            ConfigurationPath = configurationPath,
            Sandbox = sandbox,
        };

    /// <summary>Opens it; its private server answers at an address that needs no server.</summary>
    internal OpenDatabase Open(DatabaseRequest? request = null, params string[] paths) => new(
        LoadedConfiguration.Load(
            new MigrationRequest { Database = request ?? Request(), Paths = paths }, Variables, ConnectionParameters.KnownSettings),
        (_, _, _) => Task.FromResult("Host=127.0.0.1;Port=5999;Database=sandbox;Username=owner;Password=x"));

    internal Task<ResolvedDatabase> ResolveAsync(DatabaseRequest? request = null) =>
        Open(request).ResolveAsync(Observer, TestContext.Current.CancellationToken);

    internal IReadOnlyList<ConfigurationSetting> Describe(DatabaseRequest? request = null) => ConfigurationReader.Describe(Open(request).Configuration);

    internal ConfigurationSetting Describe(string name, DatabaseRequest? request = null) =>
        Assert.Single(Describe(request), setting => setting.Name == name);

    internal ProjectSettings Read(DatabaseRequest? request = null, params string[] paths) =>
        Open(request, paths).Project;

    /// <summary>Expects ConfigurationInvalid on reading.</summary>
    internal MigrationException Refusal(DatabaseRequest? request = null)
    {
        var refusal = Assert.Throws<MigrationException>(() => Describe(request));
        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        return refusal;
    }

    public void Dispose() => _folder.Dispose();
}
