using Npgsql;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// How the sessions of an opened database reach its server: the settings, password included, and the data sources that are made from them, for
/// this database and for others of the server. A class and not a record: nothing should print the password by accident.
/// </summary>
/// <param name="settings">The settings of every session; see <see cref="SessionSettings"/>.</param>
/// <param name="command">What prints the password; null when it came from elsewhere.</param>
internal sealed class ServerAccess(NpgsqlConnectionStringBuilder settings, PasswordCommand? command) : IAsyncDisposable
{
    readonly Dictionary<(string Database, SessionPurpose Purpose), NpgsqlDataSource> _sources = [];
    readonly SemaphoreSlim _asking = new(1, 1);
    string _connectionString = settings.ConnectionString;
    bool _accepted;

    /// <summary>How often the password was renewed.</summary>
    public int Renewals { get; private set; }

    /// <summary>A copy of the settings for a database of the server.</summary>
    public NpgsqlConnectionStringBuilder SettingsOf(string database)
    {
        lock (_sources)
        {
            return new(_connectionString) { Database = database };
        }
    }

    /// <summary>
    /// What sessions are opened from, made once: a data source takes its settings apart and maps several hundred types, which a dozen sessions
    /// need not do each for themselves. It keeps no connections, but Npgsql keeps it, settings and all, until it is disposed.
    /// </summary>
    public NpgsqlDataSource DataSource(string database, SessionPurpose purpose)
    {
        lock (_sources)
        {
            if (!_sources.TryGetValue((database, purpose), out var source))
            {
                source = SessionSettings.DataSource(SettingsOf(database), purpose);
                _sources.Add((database, purpose), source);
            }

            return source;
        }
    }

    /// <summary>The server took the password: when it refuses it later, it has expired.</summary>
    public void Accept() => _accepted = true;

    /// <summary>
    /// Asks for the password again when the one that was refused had been accepted before: the token of a cloud expires within a long run.
    /// </summary>
    /// <param name="renewals">What <see cref="Renewals"/> was when the refused session was opened.</param>
    /// <param name="observer">Is told.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>True when there is another password to try.</returns>
    public async Task<bool> RenewPasswordAsync(int renewals, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            // Another session may have been refused with this one.
            if (command is null || !_accepted || renewals != Renewals)
            {
                return renewals != Renewals;
            }

            var password = (await command.AskAsync(observer, cancellationToken)).Value;
            lock (_sources)
            {
                _connectionString = new NpgsqlConnectionStringBuilder(_connectionString) { Password = password }.ConnectionString;
                foreach (var source in _sources.Values)
                {
                    source.Password = password;
                }
            }

            (_accepted, Renewals) = (false, Renewals + 1);
            return true;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
        {
            await source.DisposeAsync();
        }

        _asking.Dispose();
    }
}
