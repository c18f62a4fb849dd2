using System.Management.Automation;
using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Turns findings, statuses, results and errors into a report that a build shows.</summary>
/// <remarks>
/// <para>
/// Takes what the other cmdlets emit, mixed as it comes, and the error records of a run that failed. Markdown, JUnit and Sarif are one
/// text, to be written to a file; AzureDevOps and GitHub are the agent's own commands, one line for each error, warning and note, which
/// take effect when they are written to the output of a build.
/// </para>
/// <para>
/// Errors are what failed or would be refused. Warnings are what may hurt: findings that say so, sessions that wait for a lock or make
/// others wait, data that a rollback would lose. Notes are what nobody has judged: changes of history, overviews, settings, sandboxes. What
/// is as it should be, such as an applied migration, a backup, a restore, a seed or a session at work, is a row in Markdown and a test that
/// passes in JUnit; Sarif, AzureDevOps and GitHub tell problems and notes alone and leave it out, which -Verbose counts. In JUnit what is
/// still to be done is a test that was skipped.
/// </para>
/// <para>
/// Two things that the module emits are refused, since nothing could be told from them: text, as of Get-VsMigrationPlan -AsSql, and the
/// answer of -Quiet. So is everything that is not the module's, but for error records.
/// </para>
/// <para>
/// When nothing comes down the pipeline the report is empty and valid; the agents' commands are then no lines at all.
/// </para>
/// <para>
/// Texts from a database or a file show as themselves. None of them can become a command of the build agent, markup or an element,
/// whatever is in it; what cannot be printed is replaced by U+FFFD.
/// </para>
/// </remarks>
/// <example>
/// <para>Annotate a pull request with what is wrong with its migrations</para>
/// <code>Test-VsMigration -Rollback | ConvertTo-VsReport -As GitHub</code>
/// <para>In Azure Pipelines: -As AzureDevOps.</para>
/// </example>
/// <example>
/// <para>Write the summary of a run, also of one that fails</para>
/// <code>try { Invoke-VsMigration -Confirm:$false -OutVariable done } catch { $failed = $_; throw } finally { @($done) + @($failed) | ConvertTo-VsReport -As Markdown -Title 'Migrations' | Set-Content summary.md }</code>
/// <para>What was applied before the failure is in -OutVariable; the error is a row like any other.</para>
/// </example>
/// <example>
/// <para>Publish findings as test results and for code scanning</para>
/// <code>$findings = Test-VsMigration; $findings | ConvertTo-VsReport -As JUnit > tests.xml; $findings | ConvertTo-VsReport -As Sarif > scan.sarif</code>
/// <para>Code scanning shows findings that have a place in a file.</para>
/// </example>
/// <example>
/// <para>Put the state of a database and what goes on in it into the summary of a job</para>
/// <code>@(Get-VsDatabase) + @(Get-VsDatabaseActivity) | ConvertTo-VsReport -As Markdown -Title 'Before the release' | Add-Content $env:GITHUB_STEP_SUMMARY</code>
/// <para>Sessions that wait, and those they wait for, are warnings.</para>
/// </example>
[Cmdlet(VerbsData.ConvertTo, "VsReport")]
[OutputType(typeof(string))]
public sealed class ConvertToVsReportCommand : VsCmdlet
{
    readonly List<ReportEntry> _entries = [];

    /// <summary>
    /// What the other cmdlets emit: findings, statuses, results, plan steps, comparisons of ways back, changes of history, backups,
    /// restores, seeds, sessions, database overviews, settings, sandboxes, files of new migrations, or errors, in any mixture.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? InputObject { get; set; }

    /// <summary>
    /// Markdown: tables for the summary of a job. JUnit: test results. Sarif: SARIF 2.1.0 for code scanning. AzureDevOps, GitHub: commands
    /// that annotate the build.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    public ReportFormat As { get; set; }

    /// <summary>The headline of a Markdown report and the name of the JUnit suites. Default: VividShift.Migrations.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "VividShift.Migrations";

    /// <summary>
    /// The root of the sources: files in it are named relative to it, as code scanning and GitHub ask. Default: the current location.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceRoot { get; set; }

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        foreach (var item in InputObject ?? [])
        {
            _entries.AddRange(EntriesOf(item is PSObject wrapped ? wrapped.BaseObject : item));
        }
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var root = SourceRoot is null
            ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
            : SessionPaths.ResolveUnresolvedPath(SessionState.Path, SourceRoot);
        var untold = As is ReportFormat.Markdown or ReportFormat.JUnit ? 0 : _entries.Count(entry => entry.Level == ReportLevel.Fine);
        if (untold > 0)
        {
            WriteVerbose(FormattableString.Invariant($"{untold} of {_entries.Count} are as they should be; {As} tells problems and notes alone."));
        }

        WriteObject(new Report(Title, root, _entries).Render(As), enumerateCollection: true);
    }

    IReadOnlyList<ReportEntry> EntriesOf(object? item) => item switch
    {
        null => [],
        ErrorRecord { Exception: MigrationException own } => ReportEntries.Of(own)!,
        ErrorRecord other => [ReportEntries.OfError(other.FullyQualifiedErrorId.Split(',')[0], other.ToString())],
        _ => ReportEntries.Of(item) ?? Refuse(item),
    };

    // A report that leaves out what it does not know would look complete.
    IReadOnlyList<ReportEntry> Refuse(object item)
    {
        var reason = item is FileInfo
            ? "It is no migration's file by its name. "
            : ReportEntries.Refused.TryGetValue(item.GetType(), out var known) ? known + " " : string.Empty;
        var problem = new ParameterBindingException(
            $"A report cannot be made of {BuildAgentText.Escape(item.GetType().FullName!)}. {reason}It takes {ReportEntries.Accepted}.");
        ThrowTerminatingError(new ErrorRecord(problem, "ReportInputUnknown", ErrorCategory.InvalidType, item));
        return [];
    }
}
