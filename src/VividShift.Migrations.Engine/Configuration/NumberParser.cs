using System.Globalization;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>Numbers as settings write them, the same in every culture.</summary>
static class NumberParser
{
    /// <summary>Whole seconds from 0; null for anything else.</summary>
    internal static TimeSpan? Seconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>A TCP port from 1 to 65535; null for anything else.</summary>
    internal static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
