using System.Globalization;
using Npgsql;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// The one place that decides how a session is set, whatever the role, the database and the user's connection say.
/// <list type="bullet">
/// <item>The start-up message carries what every major version knows: an unknown setting there is fatal, and what it says is what <c>RESET ALL</c>
/// returns to. So it says nothing of search_path: migrations run with the user's.</item>
/// <item>What depends on the version is set after connecting, and again after each reset (<see cref="Lasting"/>).</item>
/// <item>What our own reading needs goes with each reading, for its transaction alone (<see cref="Reading"/>): nothing is left behind for a
/// migration, or in the session of a pooler that somebody else gets next.</item>
/// </list>
/// </summary>
static class SessionSettings
{
    // DateStyle and float digits are sqlx's (sqlx-postgres/src/connection/establish.rs): a literal in a migration must mean the same with either
    // tool. If a session of ours is idle, then because it waits for a program, a hook or a person, and it may hold the lock.
    const string AlwaysAtStart = "-c DateStyle=ISO,MDY -c extra_float_digits=2 -c idle_in_transaction_session_timeout=0";

    // The limits of the role are meant for its queries. Who waits for a lock of ours would wait with us.
    const string ReadOnlyAtStart = " -c default_transaction_read_only=on -c statement_timeout=0 -c lock_timeout=2000";

    const string MaintainAtStart = " -c statement_timeout=0 -c lock_timeout=0";

    // Often enough for whoever asks what became of a run; each look is a system call.
    const string CheckInterval = "2000";

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
        settings.Options = string.Join(' ', new[] { first, settings.Options, AlwaysAtStart }.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>True when the start-up message carries more than ours.</summary>
    internal static bool HasUserOptions(NpgsqlConnectionStringBuilder settings) =>
        settings.Options != AlwaysAtStart || !string.IsNullOrEmpty(settings.SearchPath);

    /// <summary>
    /// The data source of sessions. One of our own: <c>new NpgsqlConnection(string)</c> would keep the string, password and all, in a
    /// process-wide table.
    /// </summary>
    internal static NpgsqlDataSource DataSource(NpgsqlConnectionStringBuilder settings, SessionPurpose purpose)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConnectionStringBuilder.Options += purpose switch
        {
            SessionPurpose.ReadOnly => ReadOnlyAtStart,
            SessionPurpose.Maintain => MaintainAtStart,
            _ => "",
        };
        // Saves a query of the whole pg_type for each session. Our own queries cast what is not a plain built-in type.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    /// <summary>
    /// The first statement of a session: what the start-up message came to, and the lasting settings, if the server's own process id shows that
    /// nobody stands between. A pooler gives the session to others, who would keep what we set.
    /// </summary>
    internal static string Opening(SessionPurpose purpose, Version server, int processId)
    {
        var direct = string.Create(
            CultureInfo.InvariantCulture, $"CASE WHEN pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.=) {processId} THEN ");
        return $"""
            SELECT pg_catalog.pg_backend_pid() AS process_id,
                   pg_catalog.current_schemas(false)::pg_catalog.text[] AS schemas,
                   pg_catalog.current_setting('default_transaction_read_only') AS read_only,
                   pg_catalog.current_setting('extra_float_digits') AS float_digits
            """ + string.Concat(LastingCalls(purpose, server).Select(call => $",\n       {direct}{call} END"));
    }

    /// <summary>Sets what lasts until <c>RESET ALL</c>; null when the server has none of these settings.</summary>
    internal static string? Lasting(SessionPurpose purpose, Version server) =>
        LastingCalls(purpose, server).ToList() is { Count: > 0 } calls ? $"SELECT {string.Join(", ", calls)}" : null;

    /// <summary>
    /// What goes before each reading of ours, in its transaction. Names mean the server's own, so that nothing planted in a schema runs with our
    /// rights; a policy that hides rows is an error instead of a wrong answer; nothing can be written, whatever became of the start-up message.
    /// </summary>
    internal static string Reading(ReadSettings settings, Version server, TimeSpan lockTimeout)
    {
        List<(string Name, string Value)> values =
        [
            ("row_security", "off"), ("transaction_read_only", "on"), ("statement_timeout", Milliseconds(settings.StatementTimeout)),
            ("lock_timeout", Milliseconds(settings.LockTimeout ?? lockTimeout)), .. settings.More,
        ];
        if (!settings.UserNames)
        {
            values.Insert(0, ("search_path", "pg_catalog, pg_temp"));
        }

        if (server.Major >= 17)
        {
            values.Add(("transaction_timeout", "0"));
        }

        return $"SELECT {string.Join(", ", values.Select(value => Call(value.Name, value.Value, local: true)))}";
    }

    /// <summary>These are sent while the user's search_path still holds, so they name everything in full.</summary>
    static IEnumerable<string> LastingCalls(SessionPurpose purpose, Version server)
    {
        if (server.Major >= 14)
        {
            yield return Call("idle_session_timeout", "0", local: false);
        }

        if (server.Major >= 14 && purpose != SessionPurpose.ReadOnly)
        {
            // So that the server ends the work of a client that is gone. Windows, and in 14 all but Linux, cannot, and refuse the setting.
            yield return "CASE WHEN pg_catalog.textregexeq(pg_catalog.version(), 'linux') THEN "
                + Call("client_connection_check_interval", CheckInterval, local: false) + " END";
        }

        // A migration keeps the user's limit, as it keeps statement_timeout.
        if (server.Major >= 17 && purpose != SessionPurpose.Write)
        {
            yield return Call("transaction_timeout", "0", local: false);
        }
    }

    static string Call(string name, string value, bool local) =>
        $"pg_catalog.set_config({SqlQuote.Literal(name)}, {SqlQuote.Literal(value)}, {(local ? "true" : "false")})";

    // Zero is the server's word for no limit; its milliseconds are an int.
    static string Milliseconds(TimeSpan? limit) => limit is { TotalMilliseconds: <= int.MaxValue } time
        ? Math.Max(1, (int)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)
        : "0";
}
