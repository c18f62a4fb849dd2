using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

public sealed class DurationTests : IDisposable
{
    readonly PowerShellSession _session = new();

    [Theory]
    [InlineData("30d", 30 * 86400)]
    [InlineData("2w", 14 * 86400)]
    [InlineData("12h", 12 * 3600)]
    [InlineData("'5m'", 300)]
    [InlineData("5min", 300)]
    [InlineData("90s", 90)]
    [InlineData("1500ms", 1.5)]
    [InlineData("1h30m", 5400)]
    [InlineData("' 1 H 30 M '", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("0s", 0)]
    [InlineData("00:05:00", 300)]
    [InlineData("1.02:00:00", 93600)]
    [InlineData("PT5M", 300)]
    [InlineData("P30D", 30 * 86400)]
    [InlineData("([timespan]::FromMinutes(5))", 300)]
    public void People_write_durations_in_many_ways(string argument, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(Wait(argument).WithoutErrors().OutputOf<TimeSpan>()));

    [Theory]
    [InlineData("5")]
    [InlineData("'5'")]
    [InlineData("'-5m'")]
    [InlineData("'5 years'")]
    [InlineData("m")]
    [InlineData("''")]
    [InlineData("'-00:05:00'")]
    [InlineData("'-PT5M'")]
    [InlineData("1:99:00")]
    [InlineData("999999999999d")]
    [InlineData("([timespan]::FromMinutes(-5))")]
    [InlineData("$null")]
    public void What_nobody_can_mean_is_refused_with_the_forms(string argument)
    {
        var error = Wait(argument).OnlyError();
        Assert.IsAssignableFrom<ParameterBindingException>(error.Exception);
        Assert.Contains("30d, 12h, 5m, 90s", error.Exception.Message, StringComparison.Ordinal);
    }

    PowerShellRun Wait(string argument) => _session.Run(
        $"function Wait {{ param([VividShift.Migrations.PowerShell.DurationTransformation()] [timespan] $For) $For }}; Wait -For {argument}");

    public void Dispose() => _session.Dispose();
}
