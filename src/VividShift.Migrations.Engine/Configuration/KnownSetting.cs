namespace VividShift.Migrations.Engine.Configuration;

/// <summary>A setting of <c>vividshift.json</c>.</summary>
/// <param name="Name">
/// Its name; levels are parted by colons. The level <c>*</c> stands for any name (a member of an object whose names the user chooses), the
/// level <c>#</c> for the position in a list.
/// </param>
/// <param name="Kind">What it holds.</param>
/// <param name="Description">What it means, for the person who writes the file.</param>
internal sealed record KnownSetting(string Name, SettingKind Kind, string Description)
{
    /// <summary>The level that stands for any name.</summary>
    internal const string AnyName = "*";

    /// <summary>The level that stands for any position in a list.</summary>
    internal const string AnyIndex = "#";

    readonly string[] _levels = Name.Split(':');

    /// <summary>The words of a <see cref="SettingKind.Choice"/>.</summary>
    internal IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>True when several texts may be given as a list.</summary>
    internal bool TakesList => Kind is SettingKind.Folders or SettingKind.Texts or SettingKind.Numbers;

    /// <summary>True for kinds that JSON writes without quotes.</summary>
    internal bool IsBare => Kind is SettingKind.Port or SettingKind.Number or SettingKind.Numbers or SettingKind.Seconds or SettingKind.Boolean;

    /// <summary>What a value must be, for messages.</summary>
    internal string Expectation => Kind switch
    {
        SettingKind.Port => "a whole number from 1 to 65535",
        SettingKind.Number => "a whole number, 0 or more",
        SettingKind.Numbers => "a whole number, 0 or more, or a list of them",
        SettingKind.Seconds => "a whole number of seconds, 0 or more",
        SettingKind.Boolean => "true or false",
        SettingKind.Choice => $"{string.Join(", ", Choices.SkipLast(1))} or {Choices[^1]}",
        _ => TakesList ? "a text or a list of texts" : "a text",
    };

    /// <summary>True when the text is such a value.</summary>
    internal bool Accepts(string text) => Kind switch
    {
        SettingKind.Port => NumberParser.Port(text) is not null,
        SettingKind.Number or SettingKind.Numbers or SettingKind.Seconds => NumberParser.Seconds(text) is not null,
        SettingKind.Boolean => bool.TryParse(text, out _),
        // Nothing is said by an empty text, as everywhere.
        SettingKind.Choice => text is "" || Choices.Contains(text, StringComparer.OrdinalIgnoreCase),
        _ => true,
    };

    /// <summary>True when the name that someone wrote is this setting's, in any case.</summary>
    internal bool Is(string name)
    {
        var levels = name.Split(':');
        return levels.Length == _levels.Length && Begins(levels);
    }

    /// <summary>True when this setting lies below that name.</summary>
    internal bool IsBelow(string name)
    {
        var levels = name.Split(':');
        return levels.Length < _levels.Length && Begins(levels);
    }

    /// <summary>The level of this setting right below that name.</summary>
    internal string LevelBelow(string name) => _levels[name is "" ? 0 : name.Split(':').Length];

    /// <summary>The same setting below a name.</summary>
    internal KnownSetting Of(string group) => new($"{group}:{Name}", Kind, Description) { Choices = Choices };

    bool Begins(string[] levels) => levels.Zip(_levels).All(pair => pair.Second switch
    {
        // Also what a variable's name can hold: VIVIDSHIFT__DATABASES__ORDERS__PASSWORD.
        AnyName => pair.First is not "" && pair.First.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'),
        AnyIndex => pair.First is not "" && pair.First.All(char.IsAsciiDigit),
        _ => string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase),
    });
}
