namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>A question that PowerShell put to the user, with its choices as they are labelled.</summary>
public sealed record PromptAsked(string Caption, string Message, IReadOnlyList<string> Choices);
