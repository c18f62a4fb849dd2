using Npgsql;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>An empty database that a backup can be restored into: of the same encoding and sort order, with nothing of template1 in it.</summary>
static class NewDatabase
{
    /// <summary>Creates it.</summary>
    /// <param name="session">Any session of the server that may write.</param>
    /// <param name="name">Its name, not quoted.</param>
    /// <param name="manifest">What it is to be like.</param>
    /// <param name="anySortOrder">Where the server does not know the locale, make do with another and say so.</param>
    /// <param name="observer">Is told when it is another.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task CreateAsync(
        Session session, string name, BackupManifest manifest, bool anySortOrder, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var create = $"CREATE DATABASE {SqlQuote.Identifier(name)} TEMPLATE template0 ENCODING {SqlQuote.Literal(manifest.Encoding)}";
        try
        {
            await ExecuteAsync(session, create + Locale(manifest, session.ServerVersion.Major), cancellationToken);
        }
        catch (PostgresException e) when (anySortOrder && e.SqlState is PostgresErrorCodes.WrongObjectType or PostgresErrorCodes.InvalidParameterValue
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidObjectDefinition)
        {
            observer.Report(new WarningRaised(
                $"{session.Target.Host} has no locale {manifest.Collation} ({e.MessageText}); the trial is made with C. What depends on sort order is not proved."));
            await ExecuteAsync(session, create + " LC_COLLATE 'C' LC_CTYPE 'C'", cancellationToken);
        }
    }

    /// <summary>Drops it, ending whoever is connected; nothing happens when there is none.</summary>
    public static async Task DropAsync(Session session, string name, CancellationToken cancellationToken)
    {
        var force = session.ServerVersion.Major >= 13;
        if (!force)
        {
            await ExecuteAsync(
                session, $"SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = {SqlQuote.Literal(name)}", cancellationToken);
        }

        await ExecuteAsync(session, $"DROP DATABASE IF EXISTS {SqlQuote.Identifier(name)}{(force ? " WITH (FORCE)" : "")}", cancellationToken);
    }

    static string Locale(BackupManifest manifest, int serverMajor)
    {
        var locale = $" LC_COLLATE {SqlQuote.Literal(manifest.Collation)} LC_CTYPE {SqlQuote.Literal(manifest.CharacterType)}";
        return (manifest.LocaleProvider, manifest.ProviderLocale, serverMajor) switch
        {
            ("icu", { } icu, >= 15) => $"{locale} LOCALE_PROVIDER icu ICU_LOCALE {SqlQuote.Literal(icu)}{(manifest.IcuRules is { } rules ? $" ICU_RULES {SqlQuote.Literal(rules)}" : "")}",
            ("builtin", { } builtin, >= 17) => $"{locale} LOCALE_PROVIDER builtin BUILTIN_LOCALE {SqlQuote.Literal(builtin)}",
            (_, _, >= 15) => $"{locale} LOCALE_PROVIDER libc",
            _ => locale,
        };
    }

    static async Task ExecuteAsync(Session session, string sql, CancellationToken cancellationToken)
    {
        // A batch command goes unparsed: a name may hold what looks like a parameter.
        await using var batch = new NpgsqlBatch(session.Connection) { Timeout = 0 };
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
