using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

public sealed class ImportTests
{
    static readonly Type[] VerbGroups =
    [
        typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle),
        typeof(VerbsOther), typeof(VerbsSecurity),
    ];

    readonly IReadOnlyList<CmdletInfo> _cmdlets;

    public ImportTests()
    {
        using var session = new PowerShellSession();
        _cmdlets = session.Run("Get-Command -Module VividShift.Migrations").WithoutErrors().OutputOf<CmdletInfo>();
        Assert.NotEmpty(_cmdlets);
    }

    [Fact]
    public void Every_verb_is_approved_and_every_noun_has_the_prefix()
    {
        var approved = VerbGroups.SelectMany(group => group.GetFields()).Select(field => (string?)field.GetRawConstantValue()).ToHashSet();

        Assert.All(_cmdlets, cmdlet => Assert.Contains(cmdlet.Verb, approved));
        Assert.All(_cmdlets, cmdlet => Assert.StartsWith("Vs", cmdlet.Noun, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_cmdlet_says_what_it_emits() => Assert.All(_cmdlets, cmdlet => Assert.NotEmpty(cmdlet.OutputType));

    [Fact]
    public void Looking_promises_no_ShouldProcess() => Assert.All(
        _cmdlets.Where(cmdlet => cmdlet.Verb is "Get" or "Test"), cmdlet => Assert.DoesNotContain("WhatIf", cmdlet.Parameters.Keys));

    [Fact]
    public void A_parameter_has_one_type_on_all_cmdlets() => Assert.All(
        // InputObject is what comes down a cmdlet's own pipeline; where one takes a list and another one value, a default fits both.
        _cmdlets.SelectMany(cmdlet => cmdlet.Parameters.Values).Where(parameter => parameter.Name != "InputObject").GroupBy(
            parameter => parameter.Name),
        same => Assert.Single(same.Select(parameter => parameter.ParameterType.GetElementType() ?? parameter.ParameterType).Distinct()));
}
