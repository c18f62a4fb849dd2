using System.Globalization;

namespace VividShift.Migrations.Host;

/// <summary>What the program's standard streams are connected to.</summary>
static class Terminal
{
    const int WidthWithoutTerminal = 120;

    /// <summary>True when someone can type an answer.</summary>
    public static bool Reads { get; } = !Console.IsInputRedirected;

    /// <summary>True when output goes to a screen.</summary>
    public static bool Shows { get; } = !Console.IsOutputRedirected;

    /// <summary>True when errors and progress go to a screen.</summary>
    public static bool ShowsErrors { get; } = !Console.IsErrorRedirected;

    /// <summary>True when output may be coloured (https://no-color.org).</summary>
    public static bool Colours { get; } = Shows && !Colourless;

    /// <summary>True when errors may be coloured.</summary>
    public static bool ColoursErrors { get; } = ShowsErrors && !Colourless;

    static bool Colourless => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>The columns of a line. A terminal in a container may report none.</summary>
    public static int Width => Shows && Console.WindowWidth > 0 ? Console.WindowWidth
        : int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            && columns > 0 ? columns
        : WidthWithoutTerminal;
}
