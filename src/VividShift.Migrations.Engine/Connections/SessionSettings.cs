using Npgsql;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// What every session of ours has in common, whatever the user's connection says. Everything here travels in the start-up message, so
/// that it is what <c>RESET ALL</c> returns to.
/// </summary>
static class SessionSettings
{
    // The values of sqlx (sqlx-postgres/src/connection/establish.rs): a literal in a migration must mean the same with either tool.
    const string Interoperable = "-c DateStyle=ISO,MDY -c extra_float_digits=2";

    /// <summary>Overwrites what must be the same everywhere and fills in what was left open.</summary>
    internal static void Apply(NpgsqlConnectionStringBuilder settings, TimeSpan? commandTimeout, string? role = null)
    {
        settings.Pooling = false;
        settings.Multiplexing = false;
        // A TransactionScope in the user's shell is none of our business.
        settings.Enlist = false;
        settings.MaxAutoPrepare = 0;
        // A choice among several servers, which Npgsql refuses when there is one. Whether it can be written to shows when we write.
        settings.Remove("Target Session Attributes");
        settings.PersistSecurityInfo = false;
        settings.LogParameters = false;
        settings.IncludeErrorDetail = true;
        settings.IncludeFailedBatchedCommand = true;
        settings.Timezone = "UTC";
        settings.ClientEncoding = "UTF8";
        settings.Encoding = "UTF8";
        settings.CommandTimeout = commandTimeout is { } limit ? Math.Max(1, (int)Math.Ceiling(limit.TotalSeconds)) : 0;
        if (string.IsNullOrEmpty(settings.ApplicationName))
        {
            settings.ApplicationName = ApplicationName.Default;
        }

        // A Unix socket refuses the option, and the connection with it.
        if (!settings.ShouldSerialize("TCP Keepalive") && settings.KeepAlive == 0 && !HostName.IsSocketFolder(settings.Host ?? ""))
        {
            // An index build is silent for hours; a firewall on the way would forget the connection, and with it the lock.
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = 60;
            settings.TcpKeepAliveInterval = 10;
        }

        // Of two -c for one setting the later wins; the server lets the user's other options stand.
        // The role, too, since RESET ROLE and RESET ALL return to what is said here and not to the role that signed in.
        var first = role is null ? "" : $"-c role={ConnectionUrl.EscapeOption(role)}";
        settings.Options = string.Join(' ', new[] { first, settings.Options, Interoperable }.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>
    /// The data source of sessions. One of our own: <c>new NpgsqlConnection(string)</c> would keep the string, password and all, in a
    /// process-wide table.
    /// </summary>
    internal static NpgsqlDataSource DataSource(NpgsqlConnectionStringBuilder settings, SessionPurpose purpose)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (purpose == SessionPurpose.ReadOnly)
        {
            builder.ConnectionStringBuilder.Options += " -c default_transaction_read_only=on";
        }
        // Saves a query of the whole pg_type for each session. Our own queries cast what is not a plain built-in type.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }
}
