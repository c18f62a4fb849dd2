using System.Diagnostics;
using Npgsql;
using VividShift.Migrations.Engine.Backup;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Running;

/// <summary>
/// Restores what was agreed to: into a new database, verified, then swapped. Until the swap nothing touches the old database, and the swap is
/// one transaction.
/// </summary>
sealed class RestoreRun(ResolvedDatabase target, RestorePlan plan, RestoreSource source, IMigrationObserver observer)
{
    static readonly TimeSpan CleaningPatience = TimeSpan.FromSeconds(30);

    readonly string _activity = $"Restoring {plan.Database}";

    public async Task<RestoreResult> RunAsync(CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.Now;
        var watch = Stopwatch.StartNew();
        await using var maintenance = await OpenAsync(cancellationToken);
        await RestoreLock.TakeAsync(maintenance, plan.Database, cancellationToken);
        var old = await DatabaseDefinition.ReadAsync(maintenance, plan.Database.Database, cancellationToken);
        await RefuseChangedAsync(maintenance, old, cancellationToken);
        await UnfinishedRestores.DropAllAsync(maintenance, target, observer, cancellationToken);
        var tools = await RestoreTools.FindAsync(target, plan.Request, source, maintenance.ServerVersion.Major, cancellationToken);
        RestoredContent content;
        long ended;
        try
        {
            await CreateAsync(maintenance, old, cancellationToken);
            content = await FillAsync(target.On(plan.RestoredAs), tools, maintenance.ServerVersion.Major, cancellationToken);
            ended = await SwapAsync(maintenance, old, cancellationToken);
        }
        catch (Exception e)
        {
            var state = await CleanUpAsync(maintenance);
            if (SqlErrors.Translate(e, plan.Database, cancellationToken) is MigrationException failure)
            {
                throw Explain(failure, state);
            }

            throw;
        }

        var dropped = old is not null && plan.Request.DropDatabase && await DropOldAsync(maintenance, cancellationToken);
        return new()
        {
            Database = plan.Database,
            KeptAs = dropped ? null : plan.PutAsideAs,
            Dropped = dropped,
            Path = plan.Path,
            Kind = plan.Kind,
            Comparison = plan.Comparison,
            Tables = content.Tables,
            Rows = content.Rows,
            MigrationVersion = content.MigrationVersion,
            EndedSessions = (int)ended,
            StartedAt = startedAt,
            Duration = watch.Elapsed,
            VerifyDuration = content.Duration,
        };
    }

    /// <summary>Fills the new database and compares it with what was backed up, as far as that is known.</summary>
    async Task<RestoredContent> FillAsync(ResolvedDatabase restored, ClientTools tools, int serverMajor, CancellationToken cancellationToken)
    {
        var manifest = source.Backup?.Manifest;
        await using var early = new IncrementalVerifier(restored, observer) { Analyzes = true, Comparison = plan.Comparison };
        if (source.Kind == RestoreSourceKind.Script)
        {
            await new ScriptRestore(tools["psql"], restored, serverMajor, source, observer).RunAsync(_activity, cancellationToken);
        }
        else
        {
            var jobs = RestoreTools.Jobs(plan.Request);
            early.Start((jobs + 1) / 2);
            var restore = new ArchiveRestore(tools["pg_restore"], restored, source.Archive, observer)
            {
                ServerMajor = serverMajor,
                Jobs = jobs,
                Options = [.. RestoreTools.Ownership(plan.Request)],
                Tables = new(plan.Request.Tables),
                Manifest = manifest,
                Filled = early.Add,
            };
            await restore.RunAsync(_activity, cancellationToken);
        }

        return await new RestoreVerification(restored, tools, plan, source, early, observer).RunAsync(_activity, cancellationToken);
    }

    async Task<Session> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await MaintenanceConnection.OpenAsync(target, SessionPurpose.Write, observer, cancellationToken);
        if (session.ServerVersion.Major >= 14)
        {
            // It is silent while pg_restore works, and the lock is in it.
            await ExecuteAsync(session, ["SET idle_session_timeout = 0"], cancellationToken);
        }

        return session;
    }

    async Task RefuseChangedAsync(Session maintenance, DatabaseDefinition? old, CancellationToken cancellationToken)
    {
        if (old is not null != plan.Replaces)
        {
            throw Changed($"{plan.Database} {(plan.Replaces ? "was there when you were asked and is gone" : "was not there when you were asked and exists now")}.");
        }

        foreach (var name in new[] { plan.RestoredAs, plan.PutAsideAs }.OfType<string>())
        {
            // By these it is told later how far the swap came.
            if (await DatabaseDefinition.ReadAsync(maintenance, name, cancellationToken) is not null)
            {
                throw Changed($"{name}, which this restore would make, was not there when you were asked and exists now.");
            }
        }

        var sessions = await ConnectedSessions.ListAsync(maintenance, plan.Database.Database, cancellationToken);
        if (sessions.Count > 0 && !plan.Request.Force)
        {
            throw MigrationException.Of([ConnectedSessions.InUse(sessions, plan.Database, ended: false)], plan.Database);
        }
    }

    MigrationException Changed(string what) => new(MigrationErrorCode.PlanChanged, what, "Run it again.") { Target = plan.Database };

    async Task CreateAsync(Session maintenance, DatabaseDefinition? old, CancellationToken cancellationToken)
    {
        observer.Report(new ProgressChanged(_activity, $"Creating {plan.RestoredAs}", 0));
        if (old is null && source.Backup is { Manifest: var manifest })
        {
            await NewDatabase.CreateAsync(maintenance, plan.RestoredAs, manifest, anySortOrder: false, observer, cancellationToken);
        }
        else
        {
            var create = old?.Create(plan.RestoredAs) ?? $"CREATE DATABASE {SqlQuote.Identifier(plan.RestoredAs)} WITH TEMPLATE template0";
            await ExecuteAsync(maintenance, [create], cancellationToken);
        }

        var mark = $"{RestoreNames.Mark(plan.Database.Database)} Begun {DateTimeOffset.UtcNow:u} from {plan.Path}; as long as this is here it is not finished.";
        await ExecuteAsync(maintenance, [$"COMMENT ON DATABASE {SqlQuote.Identifier(plan.RestoredAs)} IS {SqlQuote.Literal(mark)}"], cancellationToken);
        observer.Report(new VerboseMessage($"Created {plan.RestoredAs} beside {plan.Database}."));
    }

    async Task<long> SwapAsync(Session maintenance, DatabaseDefinition? old, CancellationToken cancellationToken)
    {
        var name = plan.Database.Database;
        observer.Report(new ProgressChanged(_activity, "Swapping", 99));
        IReadOnlyList<string> finish = old is null
            ? [$"COMMENT ON DATABASE {SqlQuote.Identifier(name)} IS NULL"]
            : await old.FinishAsync(maintenance, name, name, cancellationToken);
        await using var ender = await OpenAsync(cancellationToken);
        var swap = new DatabaseSwap(maintenance, ender, plan.Database, observer);
        await swap.RunAsync(plan.RestoredAs, plan.PutAsideAs, finish, plan.Request.Force, target.LockTimeout, cancellationToken);
        observer.Report(new VerboseMessage(old is null ? $"{plan.Database} is there." : $"{plan.Database} is the restored one now; the old one is called {plan.PutAsideAs}."));
        return swap.Ended;
    }

    async Task<bool> DropOldAsync(Session maintenance, CancellationToken cancellationToken)
    {
        try
        {
            await UnfinishedRestores.DropAsync(maintenance, plan.PutAsideAs!, cancellationToken);
            return true;
        }
        catch (PostgresException e)
        {
            // The restore itself is done; what is left is in nobody's way.
            observer.Report(new WarningRaised($"The old database could not be dropped and is still there as {plan.PutAsideAs}: {e.MessageText}."));
            return false;
        }
    }

    /// <summary>Takes the unfinished database away, on a token of its own; tells how things stand.</summary>
    async Task<string> CleanUpAsync(Session maintenance)
    {
        using var limit = new CancellationTokenSource(CleaningPatience);
        try
        {
            // A connection that broke in the swap does not say whether it was done.
            await using var other = maintenance.Connection.State == System.Data.ConnectionState.Open ? null : await OpenAsync(limit.Token);
            var session = other ?? maintenance;
            if (plan.PutAsideAs is { } oldName && await DatabaseDefinition.ReadAsync(session, oldName, limit.Token) is not null)
            {
                return $"The swap had been done: {plan.Database} is the restored one, the old one is called {oldName}.";
            }

            await UnfinishedRestores.DropCopyAsync(session, target.On(plan.RestoredAs), observer, limit.Token);
            return $"{Before} The unfinished copy was removed.";
        }
        catch (Exception e) when (e is NpgsqlException or MigrationException or OperationCanceledException or InvalidOperationException)
        {
            // The failure that led here is the one to tell; the next restore of this database removes what carries our mark.
            return $"{Before} The unfinished copy may still be there as {plan.RestoredAs}; the next restore removes it.";
        }
    }

    string Before => plan.Replaces ? $"{plan.Database} is as it was." : $"{plan.Database} does not exist, as before.";

    MigrationException Explain(MigrationException failure, string state) => failure.With(
        failure.Code is MigrationErrorCode.DatabaseInUse ? failure.Code : MigrationErrorCode.RestoreFailed,
        $"Restoring {plan.Database} from {plan.Path} failed. {failure.What}",
        failure.RecommendedAction ?? "Fix the cause and run it again.",
        state,
        plan.Database);

    static async Task ExecuteAsync(Session session, IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new(statement));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
