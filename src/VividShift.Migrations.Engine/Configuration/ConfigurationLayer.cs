using Microsoft.Extensions.Configuration;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>One source of settings, or the part of one that lies below a name.</summary>
/// <param name="Provider">The values.</param>
/// <param name="Folder">What paths in it are relative to.</param>
/// <param name="Place">What to call the place of a setting, by its full name.</param>
/// <param name="Prefix">What goes before the names that are asked for: empty, or a name with its colon.</param>
internal sealed record ConfigurationLayer(IConfigurationProvider Provider, string Folder, Func<string, string> Place, string Prefix = "")
{
    /// <summary>What to call the place of a setting.</summary>
    internal string SourceOf(string name) => Place(Prefix + name);

    /// <summary>The part of this source below a name.</summary>
    internal ConfigurationLayer Below(string name) => this with { Prefix = $"{Prefix}{name}:" };

    /// <summary>The values it has for a setting; empty ones count as unsaid.</summary>
    internal IReadOnlyList<string> Values(string name)
    {
        var values = Names(name).Select(key => $"{name}:{key}").Prepend(name)
            .Select(key => Provider.TryGet(Prefix + key, out var value) ? value : null);
        return [.. values.OfType<string>().Where(value => value is not "")];
    }

    /// <summary>The names right below a group; for a list the positions in their order.</summary>
    internal IReadOnlyList<string> Names(string group) => [.. Provider.GetChildKeys([], Prefix + group).Distinct(StringComparer.OrdinalIgnoreCase)];
}
