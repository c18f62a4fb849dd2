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
            await session.ExecuteAsync(create + Locale(manifest, session.ServerVersion.Major), cancellationToken, TimeSpan.Zero);
        }
        catch (PostgresException e) when (anySortOrder && e.SqlState is PostgresErrorCodes.WrongObjectType or PostgresErrorCodes.InvalidParameterValue
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidObjectDefinition)
        {
            observer.Report(new WarningRaised(
                $"{session.Target.Host} has no locale {manifest.Collation} ({e.MessageText}); the trial is made with C. What depends on sort order is not proved."));
            await session.ExecuteAsync(create + " LC_COLLATE 'C' LC_CTYPE 'C'", cancellationToken, TimeSpan.Zero);
        }
    }

    /// <summary>Drops it, ending whoever is connected; nothing happens when there is none.</summary>
    public static async Task DropAsync(Session session, string name, CancellationToken cancellationToken)
    {
        var force = session.ServerVersion.Major >= 13;
        if (!force)
        {
            await session.QueryAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1", row => row.GetBoolean(0), cancellationToken, name);
        }

        await session.ExecuteAsync(
            $"DROP DATABASE IF EXISTS {SqlQuote.Identifier(name)}{(force ? " WITH (FORCE)" : "")}", cancellationToken, TimeSpan.Zero);
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
}
