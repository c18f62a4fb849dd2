using Npgsql;

namespace VividShift.Migrations.PowerShell.Tests.Guide;

/// <summary>What has happened in a project before someone reads a section of the guide.</summary>
sealed class GuideSituation(GuideProject project) : IAsyncDisposable
{
    readonly List<NpgsqlConnection> _sessions = [];
    Task? _waiting;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Brings it about. A section that is not named here needs nothing but the project.</summary>
    public Task ArrangeAsync(string heading) => heading switch
    {
        "Rolling back" or "When an undo fails" => ApplyAllAsync(),
        "Before a release" => project.AddOldBackupAsync(Cancelled),
        "When a migration fails" or "When a migration stopped half-way" => StopHalfWayAsync(),
        "When rows point nowhere" => LoseUsersAsync(),
        "Recovering a whole database" => BackUpAsync(),
        "While migrations run" => BlockSomebodyAsync(),
        _ => Task.CompletedTask,
    };

    public async ValueTask DisposeAsync()
    {
        // The one that holds first, so that the one that waits gets what it waits for; none is closed while it works.
        foreach (var session in _sessions)
        {
            if (_waiting is not null && session == _sessions[^1])
            {
                await Task.WhenAny(_waiting);
            }

            await session.DisposeAsync();
        }
    }

    Task ApplyAllAsync()
    {
        project.Session.Run("Invoke-VsMigration; Backup-VsDatabase").WithoutErrors();
        return Task.CompletedTask;
    }

    Task BackUpAsync()
    {
        project.Session.Run("Backup-VsDatabase -Verify; Backup-VsDatabase -Environment prod -Verify").WithoutErrors();
        return Task.CompletedTask;
    }

    Task StopHalfWayAsync()
    {
        project.Folder.Add("migrations/20251001000000_rates.sql", "-- no-transaction\nCREATE TABLE rates (id int);\nSELECT 1 / 0;\n");
        Assert.Equal("MigrationFailed", project.Session.Run("Invoke-VsMigration").OnlyError().FullyQualifiedErrorId.Split(',')[0]);
        // "Edit migration file to fix issues", as the guide says.
        project.Folder.Add("migrations/20251001000000_rates.sql", "-- no-transaction\nCREATE TABLE IF NOT EXISTS rates (id int);\n");
        return Task.CompletedTask;
    }

    Task LoseUsersAsync() => project.Dev.ExecuteAsync("""
        INSERT INTO user_sessions (user_id, token_hash, expires_at) SELECT id, decode(md5(username), 'hex'), now() + interval '1 day' FROM users;
        SET session_replication_role = replica;
        DELETE FROM users WHERE username = 'user7';
        """, Cancelled);

    /// <summary>One session holds a table, another waits for it.</summary>
    async Task BlockSomebodyAsync()
    {
        var holder = await OpenAsync();
        await ExecuteAsync(holder, "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
        var victim = await OpenAsync();
        _waiting = ExecuteAsync(victim, "SELECT count(*) FROM users");
        while (await project.Dev.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", Cancelled) == 0)
        {
            await Task.Delay(20, Cancelled);
        }
    }

    async Task<NpgsqlConnection> OpenAsync()
    {
        var session = await project.Dev.OpenAsync(Cancelled);
        _sessions.Add(session);
        return session;
    }

    static async Task ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
