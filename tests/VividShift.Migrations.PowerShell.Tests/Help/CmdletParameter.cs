using System.Management.Automation;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.PowerShell.Tests.Help;

/// <summary>A parameter as help tells it: what its attributes say, and what its documentation says.</summary>
sealed partial class CmdletParameter(CommandParameterInfo info, Type cmdlet, XmlDocumentation documentation)
{
    // What PowerShell adds has no property on the cmdlet.
    static readonly Dictionary<string, string> Added = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what would be done, and does nothing.",
        ["Confirm"] = "Asks before each change. -Confirm:$false never asks.",
    };

    public string Name => info.Name;

    public bool Mandatory => info.IsMandatory;

    public string Position => info.Position < 0 ? "named" : info.Position.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public bool ByValue => info.ValueFromPipeline;

    public bool ByName => info.ValueFromPipelineByPropertyName;

    public bool IsSwitch => info.ParameterType == typeof(SwitchParameter);

    public bool IsAdded => Added.ContainsKey(Name);

    public Type Type => Nullable.GetUnderlyingType(info.ParameterType) ?? info.ParameterType;

    public string TypeName => NameOf(Type);

    public bool TakesWildcards => info.Attributes.OfType<SupportsWildcardsAttribute>().Any();

    public string Aliases => info.Aliases.Count == 0 ? "none" : string.Join(", ", info.Aliases.Order(StringComparer.Ordinal));

    public string Pipeline => (ByValue, ByName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    public string Description => Added.TryGetValue(Name, out var text) ? text : documentation.Summary(cmdlet.GetProperty(Name)!);

    /// <summary>What the description says behind "Default:".</summary>
    public string Default => DefaultPattern().Match(Description) is { Success: true } match
        ? match.Groups["value"].Value
        : IsSwitch ? "False" : "None";

    /// <summary>As PowerShell's own help writes types.</summary>
    static string NameOf(Type type) =>
        type.IsArray ? NameOf(type.GetElementType()!) + "[]"
        : type == typeof(string) ? "string"
        : type == typeof(int) ? "int"
        : type == typeof(long) ? "long"
        : type.Name;

    [GeneratedRegex(@"\bDefault: (?<value>.+?)\.?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DefaultPattern();
}
