using System.Globalization;
using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Errors;

namespace VividShift.Migrations.Engine.Health;

/// <summary>What kept a check, or a part of it, from being done. A report must not end because a table is locked, and must not hide
/// it.</summary>
static class CheckFailure
{
    const int MostNamed = 10;

    /// <summary>True for what is a finding about the check: time, rights, locks, objects that went away. False for a broken
    /// connection.</summary>
    public static bool Covers(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is TimeoutException or PostgresException or NpgsqlException { InnerException: TimeoutException }
        && !SqlErrors.IsConnectionLoss(exception);

    /// <summary>True when nothing more can be asked in the time that is left.</summary>
    public static bool IsTime(Exception exception) => exception
        is TimeoutException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } or NpgsqlException { InnerException: TimeoutException };

    /// <summary>True when whoever wrote the query is to blame, and not rights, locks or time.</summary>
    public static bool IsMistake(PostgresException exception, CancellationToken cancellationToken) =>
        Covers(exception, cancellationToken) && !IsTime(exception) && !IsRights(exception) && exception.SqlState != PostgresErrorCodes.LockNotAvailable;

    /// <summary>The finding about a whole check.</summary>
    public static Finding Of(string title, Exception exception) => IsRights(exception) ? NotPermitted(title, Said(exception)) : NotFinished(title, Said(exception));

    /// <summary>
    /// Examines one thing after the other. One that cannot be examined is left out and named at the end; when time is up, so are the rest.
    /// </summary>
    public static async Task EachAsync<T>(
        string title, IReadOnlyList<T> things, Func<T, string> name, ICollection<Finding> findings, Func<T, Task> examine, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        var failed = new List<string>();
        for (var i = 0; i < things.Count; i++)
        {
            try
            {
                await examine(things[i]);
            }
            catch (Exception e) when (Covers(e, cancellationToken))
            {
                if (IsTime(e))
                {
                    findings.Add(NotFinished(title, string.Create(
                        CultureInfo.InvariantCulture, $"{things.Count - i} of {things.Count} not examined when the time was over: {Names(things.Skip(i).Select(name))}.")));
                    break;
                }

                (IsRights(e) ? refused : failed).Add(IsRights(e) ? name(things[i]) : $"{name(things[i])}: {Said(e)}");
            }
        }

        if (refused.Count > 0)
        {
            findings.Add(NotPermitted(title, $"The role may not read what is needed for {Names(refused)}."));
        }

        if (failed.Count > 0)
        {
            findings.Add(NotFinished(title, Names(failed)));
        }
    }

    /// <summary>Names, but not a page of them.</summary>
    public static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(MostNamed));
        return all.Count <= MostNamed ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown} and {all.Count - MostNamed} more");
    }

    static bool IsRights(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege };

    static string Said(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } or TimeoutException or NpgsqlException { InnerException: TimeoutException } =>
            "It took longer than one check may.",
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => "Another session holds a lock on it.",
        PostgresException answer => $"{answer.MessageText} (SQLSTATE {answer.SqlState}).",
        _ => exception.Message,
    };

    static Finding NotFinished(string title, string evidence) =>
        new("CheckNotFinished", FindingSeverity.Information, $"The check for {title} was not finished: what it would have found is not here.")
        {
            Evidence = evidence,
            RecommendedAction = "Give it more time with -TimeoutSec, or run it when the database is quiet.",
        };

    /// <summary>The finding about something that this role may not see.</summary>
    public static Finding NotPermitted(string title, string evidence) =>
        new("CheckNotPermitted", FindingSeverity.Information, $"The check for {title} needs rights that this role does not have.")
        {
            Evidence = evidence,
            RecommendedAction = "Run it as the owner of the tables; for what sessions do and what the server is set to, as a member of pg_monitor.",
        };
}
