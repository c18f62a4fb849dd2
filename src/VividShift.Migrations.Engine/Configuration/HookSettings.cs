using System.Text.RegularExpressions;
using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>The settings of a hook: <c>hooks:beforeRun:0:http</c> and so on.</summary>
static partial class HookSettings
{
    internal const string Http = "http";
    internal const string Sql = "sql";
    internal const string Script = "script";
    internal const string Timeout = "timeoutSec";
    internal const string ExpectStatus = "expectStatus";
    internal const string Headers = "headers";
    internal const string Body = "body";
    internal const string Retries = "retries";
    internal const string ContinueOnError = "continueOnError";

    internal static IReadOnlyList<KnownSetting> All { get; } =
    [
        .. Enum.GetValues<HookEvent>().SelectMany(moment => OfHook().Select(setting => setting.Of($"{ListOf(moment)}:{KnownSetting.AnyIndex}"))),
    ];

    /// <summary>The name of an event's list: <c>hooks:beforeRun</c>.</summary>
    internal static string ListOf(HookEvent moment) => $"hooks:{HookDescription.Name(moment)}";

    /// <summary>What a hook does; of a URL neither user, password nor query, which hold secrets as often as not.</summary>
    internal static string Shown(LayeredConfiguration hook) => hook.Find(Http) is { } request
        ? UserInfo().Replace(request.Value.Split('?', '#')[0], "//")
        : (hook.Find(Sql) ?? hook.Find(Script))?.Value ?? string.Empty;

    [GeneratedRegex("//[^/@]*@", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();

    static KnownSetting[] OfHook() =>
    [
        new(Http, SettingKind.Text, "An HTTP request: POST https://host/path. ${env:NAME} stands for a variable of the environment."),
        new(Sql, SettingKind.File, "A file of SQL that runs in a session of its own, in one transaction where it can."),
        new(Script, SettingKind.File, "A PowerShell script that runs in the session of the user with the parameter Context."),
        new(
            Timeout,
            SettingKind.Seconds,
            "How many seconds it may take: each attempt of a request, a file of SQL, a script; 0 means any. Default: 30, for a script 300."),
        new(ExpectStatus, SettingKind.Numbers, "The answers that count as success. Default: any from 200 to 299."),
        new(
            $"{Headers}:{KnownSetting.AnyName}",
            SettingKind.Secret,
            "A header of the request. ${env:NAME} stands for a variable of the environment."),
        new(
            Body,
            SettingKind.Secret,
            "The body of the request, as JSON unless a header says otherwise. ${env:NAME} stands for a variable of the environment."),
        new(Retries, SettingKind.Number, "How often a request that failed is tried again. Default: 0."),
        new(ContinueOnError, SettingKind.Boolean, "true: a failure is a warning, also before a run. Default: false."),
    ];
}
