using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell;

// Help is generated from the XML docs of the cmdlet classes, so these have one form:
//   class     <summary> one line, the synopsis
//             <remarks><para>...</para> ...</remarks>, the description, a paragraph each
//             three or more <example><para>title</para><code>command</code><para>explanation</para></example>
//   parameter <summary>, on the property: meaning, unit, default
//   inherited parameters are documented once, on the base class that declares them

/// <summary>
/// What every cmdlet of the module does alike: runs the engine without blocking Ctrl+C, writes from the pipeline thread only, and
/// turns what the engine throws into error records.
/// </summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "PowerShell may call StopProcessing after Dispose; a source without a timer holds nothing to free.")]
public abstract class VsCmdlet : PSCmdlet, IDisposable
{
    readonly CancellationTokenSource _stopping = new();
    readonly List<IDatabase> _opened = [];

    /// <summary>Closes what the cmdlet opened. PowerShell calls it when the pipeline has ended, also when it was stopped.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the cmdlet opened.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var database in _opened)
        {
            database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        _opened.Clear();
    }

    /// <summary>Takes what came down the pipeline; called once for each object. Throws MigrationException to end the cmdlet.</summary>
    protected virtual void CollectInput()
    {
    }

    /// <summary>Does the work, after the last object. Throws MigrationException to end the cmdlet.</summary>
    protected virtual void Execute()
    {
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Translate(CollectInput);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Translate(Execute);

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stopping.Cancel();

    /// <summary>Opens a project and its database, until the cmdlet ends. Reads all configuration; does not connect.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid.</exception>
    protected IDatabase Open(MigrationRequest request)
    {
        var database = Run((_, stop) => EngineLoader.Engine.OpenAsync(request, stop));
        _opened.Add(database);
        return database;
    }

    /// <summary>Runs the engine on the thread pool; what it tells meanwhile goes to the streams.</summary>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C, or nobody takes the output any more.</exception>
    protected T Run<T>(Func<IMigrationObserver, CancellationToken, Task<T>> work) =>
        Run((_, host, cancellationToken) => work(host, cancellationToken));

    /// <summary>The same, and writes results as they come; the engine goes on when one was taken, and stops when nobody takes any more.</summary>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C, or nobody takes the output any more.</exception>
    protected void WriteResults<T>(Func<IMigrationObserver, IScriptHost, CancellationToken, IAsyncEnumerable<T>> work) =>
        Run(async (dispatcher, host, cancellationToken) =>
        {
            await foreach (var result in work(host, host, cancellationToken))
            {
                dispatcher.PostAndWait(() => WriteObject(result), cancellationToken);
            }

            return true;
        });

    T Run<T>(Func<PipelineThreadDispatcher, PipelineHost, CancellationToken, Task<T>> work)
    {
        var events = new EventWriter(this);
        var readsSql = IsBound("Debug") || !Equals(GetVariableValue("DebugPreference"), ActionPreference.SilentlyContinue);
        using var dispatcher = new PipelineThreadDispatcher(_stopping.Token);
        try
        {
            return dispatcher.Run(cancellationToken => work(dispatcher, new PipelineHost(dispatcher, events, this, readsSql), cancellationToken));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // A pipeline that is stopping takes no more records; its host clears the bar itself.
            if (!Stopping)
            {
                events.Complete();
            }
        }
    }

    /// <summary>Runs work of the engine that returns nothing.</summary>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl+C, or nobody takes the output any more.</exception>
    protected void Run(Func<IMigrationObserver, CancellationToken, Task> work) =>
        Run(async (observer, cancellationToken) =>
        {
            await work(observer, cancellationToken);
            return true;
        });

    /// <summary>Writes an error that does not end the cmdlet.</summary>
    protected void WriteError(MigrationException exception) => WriteError(ErrorRecords.From(exception));

    /// <summary>True under -WhatIf or $WhatIfPreference: nothing is to be asked and nothing to be written.</summary>
    protected bool IsWhatIf => IsBound("WhatIf")
        ? LanguagePrimitives.IsTrue(MyInvocation.BoundParameters["WhatIf"])
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>True when the user, or $PSDefaultParameterValues, gave the parameter.</summary>
    protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Ends the cmdlet when two or more of these parameters were given. Parameter sets would say only that none fits.</summary>
    protected void ThrowIfMutuallyExclusive(params string[] parameters)
    {
        var given = parameters.Where(IsBound).Select(name => "-" + name).ToList();
        if (given.Count > 1)
        {
            var problem = new ParameterBindingException($"{string.Join(" and ", given)} exclude each other. Give one of them.");
            ThrowTerminatingError(new ErrorRecord(problem, "ParametersExclusive", ErrorCategory.InvalidArgument, given));
        }
    }

    /// <summary>Ends the cmdlet when it was not told what to work on: neither by one of these parameters nor otherwise.</summary>
    protected void RequireOneOf(bool otherwise, params string[] parameters)
    {
        if (!otherwise && !parameters.Any(IsBound))
        {
            var names = string.Join(" or ", parameters.Select(name => "-" + name));
            var problem = new ParameterBindingException($"Nothing says what to work on. Give {names}, or pipe objects in.");
            ThrowTerminatingError(new ErrorRecord(problem, "ParameterMissing", ErrorCategory.InvalidArgument, parameters));
        }
    }

    void Translate(Action work)
    {
        try
        {
            work();
        }
        catch (MigrationException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    sealed class PipelineHost(PipelineThreadDispatcher dispatcher, EventWriter events, PSCmdlet cmdlet, bool readsSql)
        : IMigrationObserver, IScriptHost
    {
        public bool ReadsSql => readsSql;

        public void Report(MigrationEvent migrationEvent) => dispatcher.Post(() => events.Write(migrationEvent));

        // A pipeline that is being stopped runs nothing any more, and what cleans up after a stopped run must run all the same.
        public Task RunScriptAsync(string path, HookContext context, CancellationToken cancellationToken) => dispatcher.IsEnding
            ? HookScript.RunApartAsync(path, context, cancellationToken)
            : dispatcher.AskAsync(() => HookScript.Run(cmdlet, path, context, cancellationToken));
    }
}
