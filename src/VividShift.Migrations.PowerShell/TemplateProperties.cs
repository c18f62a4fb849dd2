using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace VividShift.Migrations.PowerShell;

/// <summary>A hash table as texts, whatever the user's culture.</summary>
static class TemplateProperties
{
    /// <summary>Keys and values as text; a list as its items with commas between.</summary>
    public static IReadOnlyDictionary<string, string> Of(Hashtable table)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
        {
            properties[TextOf(entry.Key)] = TextOf(entry.Value);
        }

        return properties;
    }

    static string TextOf(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        string text => text,
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(TextOf)),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
