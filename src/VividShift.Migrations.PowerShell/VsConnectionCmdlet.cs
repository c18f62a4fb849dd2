using System.Management.Automation;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.PowerShell.Completers;

namespace VividShift.Migrations.PowerShell;

/// <summary>A cmdlet that works on a database. The parameters mean the same on all of them.</summary>
public abstract class VsConnectionCmdlet : VsCmdlet
{
    /// <summary>The parameter set in which environment variables and configuration files say where the database is.</summary>
    protected const string ConfiguredSet = "Configured";

    const string ConnectionStringSet = "ConnectionString";
    const string ServerSet = "Server";
    const string SandboxSet = "Sandbox";

    IDatabase? _database;
    bool _yesToAll;
    bool _noToAll;

    /// <summary>
    /// The database: a postgresql:// URL, libpq's keyword/value form (host=... dbname=... user=...) or an Npgsql connection string. It wins over
    /// every other source. A password in it ends up in the history of the shell: prefer -Credential, PGPASSWORD or the password file.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ConnectionStringSet)]
    [ValidateNotNullOrEmpty]
    public string? ConnectionString { get; set; }

    /// <summary>Host name, address, or the folder of a Unix socket.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerSet)]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    /// <summary>TCP port of -Server. Default: 5432.</summary>
    [Parameter(ParameterSetName = ServerSet)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// The database: one of the names below "databases" in vividshift.json, which brings all that is configured for it, or what the server
    /// calls it, which replaces the name in a connection that comes from anywhere else. Beside -Server and -ConnectionString always the latter.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatabaseCompleter))]
    public string? Database { get; set; }

    /// <summary>User name and password. They replace those of any other source.</summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// The environment, such as staging: vividshift.staging.json then overrides vividshift.json. Default: the variable
    /// VIVIDSHIFT_ENVIRONMENT, then ENVIRONMENT, then dev.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public string? Environment { get; set; }

    /// <summary>The base configuration file. Default: vividshift.json in the current location, which may be missing.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfigurationPath { get; set; }

    /// <summary>Use the private server of this folder (Start-VsSandbox), starting it where needed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SandboxSet)]
    public SwitchParameter Sandbox { get; set; }

    /// <summary>How many seconds to wait while another run holds the lock. Default: as configured, else 60.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int LockTimeoutSec { get; set; }

    /// <summary>How many seconds one statement may take; 0 means any. Default: as configured, else any.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int CommandTimeoutSec { get; set; }

    /// <summary>The database, opened when it is asked for the first time: all that the cmdlet does, it does with what was configured then.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid.</exception>
    protected IDatabase Opened => _database ??= Open(Request());

    /// <summary>Runs the engine on the database; what it tells meanwhile goes to the streams, results to the pipeline.</summary>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C, or nobody takes the output any more.</exception>
    protected T Run<T>(Func<IDatabase, IMigrationObserver, CancellationToken, Task<T>> work)
    {
        // Here and not within: only this thread may ask the session for its paths.
        var database = Opened;
        return Run((observer, cancellationToken) => work(database, observer, cancellationToken));
    }

    /// <summary>The same for work that returns nothing.</summary>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C, or nobody takes the output any more.</exception>
    protected void Run(Func<IDatabase, IMigrationObserver, CancellationToken, Task> work)
    {
        var database = Opened;
        Run((observer, cancellationToken) => work(database, observer, cancellationToken));
    }

    /// <summary>Runs the engine and writes results as they come.</summary>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C, or nobody takes the output any more.</exception>
    protected void WriteResults<T>(Func<IDatabase, IMigrationObserver, IScriptHost, CancellationToken, IAsyncEnumerable<T>> work)
    {
        var database = Opened;
        WriteResults((observer, scripts, cancellationToken) => work(database, observer, scripts, cancellationToken));
    }

    /// <summary>What the parameters ask for; the engine fills in the rest.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    protected virtual MigrationRequest Request() => new() { Database = DatabaseRequest() };

    /// <summary>
    /// Whether to do it: what ShouldProcess says, but in a protected environment a cmdlet of any impact asks as one of high impact does.
    /// </summary>
    /// <param name="target">What it is done to.</param>
    /// <param name="action">What is done.</param>
    /// <exception cref="MigrationException">EnvironmentProtected: nobody can be asked.</exception>
    protected bool ShouldProcessIn(string target, string action)
    {
        if (!ShouldProcess(target, action))
        {
            return false;
        }

        return !Opened.Project.Protected || ProtectedEnvironment.HasQuestionOfItsOwn(ConfirmPreference, GetType())
            || ProtectedEnvironment.Agrees(this, Opened.Project.Environment, target, action, ref _yesToAll, ref _noToAll);
    }

    ConfirmImpact ConfirmPreference => IsBound("Confirm")
        ? LanguagePrimitives.IsTrue(MyInvocation.BoundParameters["Confirm"]) ? ConfirmImpact.Low : ConfirmImpact.None
        : LanguagePrimitives.ConvertTo<ConfirmImpact>(GetVariableValue("ConfirmPreference", ConfirmImpact.High));

    /// <summary>
    /// Ends the cmdlet unless the environment is unprotected, or its name was given as -ConfirmEnvironment, or is typed now. Call it before
    /// destructive work; it asks nothing under -WhatIf. -Confirm:$false does not answer it.
    /// </summary>
    /// <param name="given">The value of the cmdlet's -ConfirmEnvironment; null when it was not given.</param>
    /// <param name="action">What is about to happen, as in "Undo 3 migrations of shop@db:5432".</param>
    /// <exception cref="MigrationException">EnvironmentProtected.</exception>
    protected void ThrowUnlessNamed(string? given, string action)
    {
        if (Opened.Project.Protected && !IsWhatIf)
        {
            ProtectedEnvironment.ThrowUnlessNamed(Host, Opened.Project.Environment, given, BuildAgentText.Escape(action));
        }
    }

    /// <summary>The database as the user named it; the engine fills in the rest.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    protected DatabaseRequest DatabaseRequest() => new()
    {
        WorkingFolder = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
        ConnectionString = ConnectionString,
        Server = Server,
        Port = IsBound(nameof(Port)) ? Port : null,
        Database = Database,
        // Not the network credential's name: that one cuts role@server, a form that hosted servers ask for, at the @.
        UserName = Credential?.UserName,
        Password = Credential?.GetNetworkCredential().Password,
        Environment = Environment,
        ConfigurationPath = ConfigurationPath is null ? null : SessionPaths.ResolveUnresolvedPath(SessionState.Path, ConfigurationPath),
        Sandbox = Sandbox,
        LockTimeout = IsBound(nameof(LockTimeoutSec)) ? TimeSpan.FromSeconds(LockTimeoutSec) : null,
        CommandTimeout = IsBound(nameof(CommandTimeoutSec)) ? TimeSpan.FromSeconds(CommandTimeoutSec) : null,
    };
}
