using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>How long a hook may take.</summary>
static class HookTimeout
{
    /// <summary>For an attempt of a request, and for a file of SQL.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>For a script, which may have to stop an application and wait for it.</summary>
    public static readonly TimeSpan DefaultOfScript = TimeSpan.FromMinutes(5);

    // What timers and connections take at most, some 24 days.
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>What the hook says, else the default; without a limit when it says 0.</summary>
    public static TimeSpan Of(LayeredConfiguration hook, TimeSpan otherwise) => hook.FindSeconds(HookSettings.Timeout) switch
    {
        null => otherwise,
        { Ticks: 0 } => Timeout.InfiniteTimeSpan,
        { } limit => limit < Longest ? limit : Longest,
    };
}
