using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>What a restore does not bring back, or brings back otherwise than one may think: one finding each, said before anything is agreed to.</summary>
/// <param name="database">The database that there will be.</param>
/// <param name="request">What was asked.</param>
/// <param name="source">What is restored.</param>
/// <param name="serverMajor">The major of the server.</param>
sealed class RestoreWarnings(DatabaseTarget database, RestoreRequest request, RestoreSource source, int serverMajor)
{
    // Since then a new database lets only its owner create in schema public.
    const int OwnersPublicMajor = 15;

    /// <summary>About the database that is replaced.</summary>
    public IEnumerable<Finding> OfOld(DatabaseDefinition old, ServerLevelDependencies ties, string? keptAs)
    {
        if (old.SettingsOfOthers > 0)
        {
            yield return Warning("RoleSettingsLost", FormattableString.Invariant(
                $"{old.SettingsOfOthers} role(s) have settings in {database} (ALTER ROLE ... IN DATABASE ... SET), which only a superuser can take over: they are lost."));
        }

        if (ties.Subscriptions.Count > 0)
        {
            yield return Warning("SubscriptionsStay", $"{database} has the subscription(s) {Names(ties.Subscriptions)}: they stay with the old database, which goes on receiving as {keptAs}. "
                + "Disable them there (ALTER SUBSCRIPTION ... DISABLE) before the restored database is to receive.");
        }

        if (ties.Slots.Count > 0)
        {
            yield return Warning("SlotsStay", $"{database} has the replication slot(s) {Names(ties.Slots)}: "
                + $"{(keptAs is null ? "they are dropped with the old database" : $"they stay with the old database, {keptAs}")}, and who reads from them finds nothing there any more. "
                + "Set them up anew on the restored database.");
        }

        foreach (var label in ties.Labels)
        {
            yield return Warning("SecurityLabelLost", $"A security label of {database} itself is in no dump, and is lost. To set it again: {label};");
        }
    }

    /// <summary>About what is restored.</summary>
    public IEnumerable<Finding> OfSource(ArchiveContents? contents, ReplicatedObjects replicated, ClientTools tools, int dumpedMajor)
    {
        if (source.Kind != RestoreSourceKind.Backup)
        {
            yield return Warning("NoManifest", $"{source.Path} has no manifest: what is restored cannot be compared with what was dumped.");
        }
        else if (!VerificationMode.KnowsHashes(source.Backup!.Manifest))
        {
            yield return Warning("HashesUnknown", $"{source.Path} was hashed by the method '{source.Backup.Manifest.FingerprintMethod}', which this version of the module does not know: "
                + "rows are counted, their content is not compared.");
        }

        if (source.Backup is { } backup && !ManifestComparer.ComparesTexts(backup.Manifest, serverMajor, tools))
        {
            yield return Warning("DefinitionsByName", FormattableString.Invariant(
                $"{source.Path} was written by PostgreSQL {backup.Manifest.ServerMajor} with pg_dump {backup.Manifest.ToolVersion}; {serverMajor} with pg_dump {tools["pg_dump"].Version} writes definitions otherwise: they are compared by name."));
        }

        if (dumpedMajor is > 0 and < OwnersPublicMajor && serverMajor >= OwnersPublicMajor)
        {
            yield return Warning("PublicSchemaClosed", FormattableString.Invariant(
                $"Before PostgreSQL {OwnersPublicMajor} every role could create in schema public; in a new database of {serverMajor} none but its owner can, and dumps do not tell. Where it is needed: GRANT CREATE ON SCHEMA public TO PUBLIC;"));
        }

        if (contents is not null && request.Tables.Count > 0)
        {
            yield return Warning("NamedTablesOnly", "Only the rows of the named tables are restored; foreign keys and materialized views' rows are left out.");
        }

        if (replicated.Subscriptions.Count > 0)
        {
            yield return Warning("SubscriptionsDisabled", $"{source.Path} holds the subscription(s) {Names(replicated.Subscriptions)}: they come back disabled and name the slot that they had. "
                + "Before ALTER SUBSCRIPTION ... ENABLE see that no other database uses it, and that what was missed since the backup is not lost.");
        }

        if (replicated.Publications.Count > 0)
        {
            yield return Warning("PublicationsWithoutSlots", $"{source.Path} holds the publication(s) {Names(replicated.Publications)}: they come back, the replication slots of their subscribers do not.");
        }

        if (replicated.HasLabels)
        {
            yield return Warning("SecurityLabelProviders", $"{source.Path} holds security labels: the server must have loaded their providers (shared_preload_libraries), or the restore fails.");
        }
    }

    static Finding Warning(string rule, string message) => new(rule, FindingSeverity.Warning, message);

    static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
