using System.Management.Automation;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>What came of a script: every stream, and what the host was shown and asked.</summary>
public sealed record PowerShellRun
{
    public required IReadOnlyList<PSObject> Output { get; init; }

    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<string> Verbose { get; init; }

    public required IReadOnlyList<string> Debug { get; init; }

    public required IReadOnlyList<InformationRecord> Information { get; init; }

    public required IReadOnlyList<ProgressRecord> Progress { get; init; }

    public required IReadOnlyList<PromptAsked> Prompts { get; init; }

    /// <summary>What the host was shown, without colour, lines ended by LF and without trailing blanks.</summary>
    public required string Shown { get; init; }

    public required PSInvocationState State { get; init; }

    /// <summary>The output as objects of one type; fails on any other.</summary>
    public IReadOnlyList<T> OutputOf<T>() => [.. Output.Select(item => Assert.IsAssignableFrom<T>(item.BaseObject))];

    /// <summary>This, when nothing was written to the error stream.</summary>
    public PowerShellRun WithoutErrors()
    {
        Assert.True(Errors.Count == 0, string.Join("\n", Errors));
        return this;
    }

    /// <summary>The only error.</summary>
    public ErrorRecord OnlyError() => Assert.Single(Errors);
}
