using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.PowerShell.Tests.Reporting;

/// <summary>
/// Of everything that any cmdlet says it emits a report can be made, in every format. The types are read from the cmdlets, so a new one is
/// not forgotten.
/// </summary>
public sealed class EmittedTypesTests : IDisposable
{
    readonly PowerShellSession _session = new();

    public static TheoryData<string> Emitted => [.. Types().Keys.Order(StringComparer.Ordinal)];

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Every_cmdlet_says_what_it_emits() =>
        Assert.All(Cmdlets(), cmdlet => Assert.True(cmdlet.OutputType.Count > 0, $"{cmdlet.Name} has no OutputType."));

    [Fact]
    public void The_types_are_found() => Assert.Superset(
        new HashSet<string>(
            ["Finding", "MigrationResult", "HistoryChange", "DatabaseActivity", "RollbackComparison", "SandboxServer", "FileInfo", "String"]),
        Types().Values.Select(type => type.Name).ToHashSet(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Emitted))]
    public void Each_is_reported_in_every_format_without_obeying_it_or_is_refused_with_a_reason(string name)
    {
        var type = Types()[name];
        if (ReportEntries.Refused.TryGetValue(type, out var reason))
        {
            AssertRefused(type, reason);
            return;
        }

        for (var variant = 0; variant < HostileObject.Variants; variant++)
        {
            _session.Set("item", new HostileObject(variant).Of(type));
            var rows = ReportEntries.Of(new HostileObject(variant).Of(type))!;
            Assert.NotEmpty(rows);
            foreach (var format in Enum.GetValues<ReportFormat>())
            {
                var run = _session.Run($"$item | ConvertTo-VsReport -As {format} -Verbose").WithoutErrors();
                var report = run.OutputOf<string>();
                HostileText.AssertHarmless(format, report);
                AssertTold(format, report, rows, run.Verbose);
            }
        }
    }

    // Documents tell every row; annotations tell each that is no row of "as it should be", and -Verbose counts the rest.
    static void AssertTold(ReportFormat format, IReadOnlyList<string> report, IReadOnlyList<ReportEntry> rows, IReadOnlyList<string> verbose)
    {
        var untold = rows.Count(row => row.Level == ReportLevel.Fine);
        var document = format is ReportFormat.Markdown or ReportFormat.JUnit;
        Assert.Equal(
            !document && untold > 0,
            verbose.Any(line => line.StartsWith(FormattableString.Invariant($"{untold} of {rows.Count} are"), StringComparison.Ordinal)));
        if (format is ReportFormat.AzureDevOps or ReportFormat.GitHub)
        {
            Assert.Equal(rows.Count - untold, report.Count);
        }

        if (document || untold < rows.Count)
        {
            Assert.Contains(HostileText.Mark, string.Join('\n', report), StringComparison.Ordinal);
        }
    }

    void AssertRefused(Type type, string reason)
    {
        _session.Set("item", new HostileObject(0).Of(type));
        var error = _session.Run("$item | ConvertTo-VsReport -As Markdown").OnlyError();
        Assert.StartsWith("ReportInputUnknown,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[", error.ToString(), StringComparison.Ordinal);
    }

    static Dictionary<string, Type> Types()
    {
        var types = Cmdlets().SelectMany(cmdlet => cmdlet.OutputType).Select(emitted => emitted.Type).Where(type => type != typeof(void)).Distinct()
            .ToList();
        Assert.DoesNotContain(null, types);
        return types.ToDictionary(type => type.FullName!, StringComparer.Ordinal);
    }

    static IReadOnlyList<CmdletInfo> Cmdlets()
    {
        using var session = new PowerShellSession();
        return session.Run("Get-Command -Module VividShift.Migrations -CommandType Cmdlet").WithoutErrors().OutputOf<CmdletInfo>();
    }
}
