using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Help;

public sealed partial class HelpTests : IDisposable
{
    readonly PowerShellSession _session = new();
    readonly IReadOnlyList<CmdletInfo> _cmdlets;

    public HelpTests() => _cmdlets =
        _session.Run("Get-Command -Module VividShift.Migrations -CommandType Cmdlet").WithoutErrors().OutputOf<CmdletInfo>();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Help_is_what_the_cmdlets_say()
    {
        var made = HelpFile.Make(_cmdlets);
        if (Environment.GetEnvironmentVariable("VIVIDSHIFT_ACCEPT") == "1")
        {
            File.WriteAllText(HelpFile.Committed, made);
        }

        Assert.True(
            File.Exists(HelpFile.Committed) && File.ReadAllText(HelpFile.Committed) == made,
            "The help file is not what the cmdlets' documentation says. "
            + "Run this test with VIVIDSHIFT_ACCEPT=1, look at the difference and commit it.");
    }

    [Fact]
    public void Every_cmdlet_has_a_synopsis_and_a_description() => Assert.All(_cmdlets, cmdlet =>
    {
        var help = Help(cmdlet);
        Assert.EndsWith(".", Text(help, "Synopsis"), StringComparison.Ordinal);
        Assert.NotEmpty(Paragraphs(help, "description"));
    });

    [Fact]
    public void Every_parameter_is_described() => Assert.All(_cmdlets, cmdlet =>
    {
        var names = cmdlet.Parameters.Keys.Where(name => !Cmdlet.CommonParameters.Contains(name)).Order(StringComparer.Ordinal);
        var described = Items(Property(Help(cmdlet), "parameters"), "parameter");
        Assert.Equal(names, described.Select(p => Text(p, "name")).Order(StringComparer.Ordinal));
        Assert.All(described, p => Assert.NotEmpty(string.Concat(Paragraphs(p, "description"))));
    });

    [Fact]
    public void Every_cmdlet_says_what_it_emits_and_what_it_takes() => Assert.All(_cmdlets, cmdlet =>
    {
        var emitted = Items(Property(Help(cmdlet), "returnValues"), "returnValue");
        Assert.Equal(cmdlet.OutputType.Select(t => t.Name), emitted.Select(r => Text(Property(r, "type")!, "name")));
    });

    [Fact]
    public void Every_cmdlet_has_three_examples_that_PowerShell_can_read() => Assert.All(_cmdlets, cmdlet =>
    {
        var examples = Items(Property(Help(cmdlet), "examples"), "example");
        Assert.True(examples.Length >= 3, $"{cmdlet.Name} has {examples.Length} examples.");
        Assert.All(examples, example =>
        {
            Assert.NotEmpty(string.Concat(Paragraphs(example, "remarks")));
            AssertRuns(Text(example, "code"), cmdlet.Name);
        });
        Assert.Contains(examples, example => Text(example, "code").Contains(cmdlet.Name, StringComparison.Ordinal));
    });

    [Fact]
    public void The_module_has_a_page_of_its_own_that_names_real_cmdlets_and_fits_a_reader()
    {
        var text = _session.Run("Get-Help about_VividShift_Migrations").WithoutErrors().Output.Single().BaseObject.ToString()!;
        Assert.Equal(File.ReadAllText(Path.Combine(HelpFile.Folder, "about_VividShift_Migrations.help.txt")).Trim(), text.Trim());
        Assert.InRange(text.Split('\n').Length, 60, 200);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        var exported = _session.Run($"(Test-ModuleManifest '{PowerShellSession.Manifest}').ExportedCmdlets.Keys").Output;
        Assert.Subset(
            exported.Select(name => (string)name.BaseObject).ToHashSet(StringComparer.Ordinal),
            CmdletName().Matches(text).Select(m => m.Value).ToHashSet(StringComparer.Ordinal));
    }

    // Examples are read, not run: that would take servers and change them. Names of cmdlets and parameters must exist.
    void AssertRuns(string code, string name)
    {
        var script = Parser.ParseInput(code, out _, out var errors);
        Assert.Empty(errors.Select(e => $"{name}: {e.Message}"));
        var commands = script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>()
            .Where(c => CmdletName().IsMatch(c.GetCommandName() ?? string.Empty)).ToList();
        foreach (var command in commands)
        {
            var cmdlet = Assert.Single(_cmdlets, c => c.Name == command.GetCommandName());
            var parameters = cmdlet.Parameters.Values.SelectMany(p => p.Aliases.Append(p.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            Assert.All(command.CommandElements.OfType<CommandParameterAst>(), p => Assert.Contains(p.ParameterName, parameters));
        }
    }

    PSObject Help(CmdletInfo cmdlet) => Assert.Single(_session.Run($"Get-Help {cmdlet.Name} -Full").WithoutErrors().Output);

    static object? Property(object item, string name) => PSObject.AsPSObject(item).Properties[name]?.Value;

    static string Text(object item, string name) => Property(item, name)?.ToString()?.Trim() ?? string.Empty;

    static object[] Items(object? container, string name) => (container is null ? null : Property(container, name)) switch
    {
        null => [],
        object[] several => several,
        var one => [one],
    };

    static IEnumerable<string> Paragraphs(object item, string name) => (Property(item, name) switch
    {
        null => [],
        object[] several => several,
        var one => [one],
    }).Select(paragraph => Text(paragraph, "Text")).Where(text => text.Length > 0);

    [GeneratedRegex(@"\b[A-Z][a-z]+-Vs[A-Za-z]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CmdletName();
}
