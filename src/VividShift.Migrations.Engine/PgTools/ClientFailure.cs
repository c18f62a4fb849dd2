namespace VividShift.Migrations.Engine.PgTools;

/// <summary>Why PostgreSQL's client programs cannot be used.</summary>
static class ClientFailure
{
    public static MigrationException Missing(IReadOnlyList<string> programs, string where) => Of(
        MigrationErrorCode.ToolMissing,
        $"PostgreSQL's {string.Join(" and ", programs)} cannot be had. {where}.",
        "Install PostgreSQL's client programs, or name their folder with -PgBinPath or the setting pgBinPath.",
        string.Join(", ", programs));

    public static MigrationException TooOld(int serverMajor, int writerMajor, IReadOnlyList<ClientTools> found) => Of(
        MigrationErrorCode.VersionUnsupported,
        FormattableString.Invariant($"{Reason(serverMajor, writerMajor)} Found: {Names(found)}."),
        FormattableString.Invariant(
            $"Install the client programs of PostgreSQL {Math.Max(serverMajor, writerMajor)} or newer, or name their folder with -PgBinPath."),
        Math.Max(serverMajor, writerMajor));

    static string Reason(int serverMajor, int writerMajor) => writerMajor > serverMajor
        ? FormattableString.Invariant($"The backup was written by pg_dump {writerMajor}, which an older pg_restore does not understand for certain.")
        : FormattableString.Invariant($"The server is PostgreSQL {serverMajor}, and its programs refuse servers newer than themselves.");

    static string Names(IEnumerable<ClientTools> found) =>
        string.Join(", ", found.Select(tools => FormattableString.Invariant($"{tools.Major} ({tools.Source})")));

    static MigrationException Of(MigrationErrorCode code, string what, string advice, object target) =>
        new(code, what, advice) { DatabaseState = "Nothing was started.", Target = target };
}
