using System.Management.Automation;
using VividShift.Migrations.PowerShell.Completers;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Puts the data of seed files into a database; a second run changes nothing.</summary>
/// <remarks>
/// <para>
/// Runs the files of seeds/common, then those of seeds/ENVIRONMENT, each in the order of the number that its name begins with. SQL files are
/// run as they are. CSV files (with a header) and JSON files (a list of objects) hold rows of the table that they are named after:
/// 010_users.csv, 020_app.orders.json. Rows that are not there are inserted, rows that differ are updated, and no row is ever deleted. A row
/// is known by the key that the file names, else by the primary key or a unique constraint.
/// </para>
/// <para>
/// Each file is one transaction, and is recorded with its hash in the table vividshift.seed_history. A file that is unchanged since is passed
/// over; one that was edited runs again. An error names the line of the file, and nothing of that file is written.
/// </para>
/// <para>
/// Seeds are refused in an environment that the configuration protects, whatever is confirmed. They run under the lock of migrations.
/// -WhatIf shows what would run and writes nothing.
/// </para>
/// </remarks>
/// <example>
/// <para>Seed the environment at hand</para>
/// <code>Invoke-VsMigration; Invoke-VsSeed</code>
/// <para>One SeedResult for each file, with the rows that were inserted, updated and left alone.</para>
/// </example>
/// <example>
/// <para>See what would run for staging</para>
/// <code>Invoke-VsSeed -Environment staging -WhatIf</code>
/// <para>Lists the files of seeds/common and seeds/staging that are new or edited.</para>
/// </example>
/// <example>
/// <para>Run some files again although they have not changed</para>
/// <code>Invoke-VsSeed -Name users, 02* -Force</code>
/// <para>Brings rows back that somebody has edited or deleted.</para>
/// </example>
/// <example>
/// <para>Fill a private server from another folder</para>
/// <code>Invoke-VsSeed -Sandbox -Path ./demo</code>
/// <para>The folder holds seed files itself, or the folders common and dev.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "VsSeed", DefaultParameterSetName = ConfiguredSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SeedResult))]
public sealed class InvokeVsSeedCommand : VsConnectionCmdlet
{
    /// <summary>
    /// Only these seeds: the name as in results (common/010_users.csv), the file's name, or the table; wildcards are allowed. Default: all.
    /// </summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SeedCompleter))]
    public string[]? Name { get; set; }

    /// <summary>
    /// The folder of seeds, with common and the environments' folders in it, or with seed files themselves; or single files. Wildcards are
    /// allowed. Default: what the configuration says, else the folder "seeds" in the current location.
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Run files again that have not changed since they were run.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var request = new SeedRequest
        {
            Paths = [.. (Path ?? []).SelectMany(path => SessionPaths.Wildcard(SessionState.Path, path))],
            Names = Name ?? [],
            Force = Force,
        };
        var plan = Run((database, observer, stop) => database.Seeds.PlanAsync(request, observer, stop));
        plan.ThrowIfRefused();
        if (plan.Steps.Count == 0)
        {
            WriteWarning($"There are no seeds for the environment '{plan.Environment}'.");
            return;
        }

        var agreed = Agreed(plan);
        if (agreed.Count > 0)
        {
            WriteResults((database, observer, _, stop) => database.Seeds.RunAsync(plan, agreed, observer, stop));
        }
    }

    List<SeedStep> Agreed(SeedPlan plan)
    {
        var target = BuildAgentText.Escape(plan.Database.ToString());
        var agreed = new List<SeedStep>();
        foreach (var step in plan.Steps)
        {
            if (!step.Runs || ShouldProcess(target, BuildAgentText.Escape(step.Action)))
            {
                agreed.Add(step);
            }
            // Under -WhatIf ShouldProcess answers no to everything, which must not end the list as a No of the user does.
            else if (!IsWhatIf)
            {
                break;
            }
        }

        return IsWhatIf ? [] : agreed;
    }
}
