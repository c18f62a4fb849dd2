namespace VividShift.Migrations.Engine.ClientPrograms;

/// <summary>Why PostgreSQL's client programs cannot be used.</summary>
static class ClientFailure
{
    const string State = "Nothing was started.";

    public static MigrationException Missing(IReadOnlyList<string> programs, string where) => Of(
        MigrationErrorCode.ToolMissing,
        $"PostgreSQL's {string.Join(" and ", programs)} cannot be had. {where}.",
        "Install PostgreSQL's client programs, or name their folder with -PgBinPath or the setting pgBinPath.",
        string.Join(", ", programs));

    public static MigrationException TooOld(int serverMajor, IReadOnlyList<ClientTools> found) => Of(
        MigrationErrorCode.VersionUnsupported,
        FormattableString.Invariant(
            $"The server is PostgreSQL {serverMajor}, and its programs refuse servers newer than themselves. Found: {Names(found)}."),
        FormattableString.Invariant($"Install the client programs of PostgreSQL {serverMajor} or newer, or name their folder with -PgBinPath."),
        serverMajor);

    static string Names(IEnumerable<ClientTools> found) =>
        string.Join(", ", found.Select(tools => FormattableString.Invariant($"{tools.Major} ({tools.Source})")));

    static MigrationException Of(MigrationErrorCode code, string what, string advice, object target) =>
        new(code, $"{what} {State} {advice}") { Advice = advice, DatabaseState = State, Target = target };
}
