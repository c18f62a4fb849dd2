namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>
/// Does what pg_restore's --exit-on-error does, where that would stop at <see cref="TransactionTimeoutWorkaround"/>: reads each line that
/// pg_restore writes, and has it ended at the first error that is another one, once all lines of that error are there.
/// </summary>
sealed class ExitOnErrorWatcher : IDisposable
{
    const string Program = "pg_restore: ";

    // Anywhere in a line, from pg_restore or in the server's words: several jobs write their lines in pieces and into each other's, and an
    // error whose beginning went elsewhere must not pass for none. At worst a good restore is given up, with the old database as it was.
    const string Error = "error: ";

    // The last line when there were errors; without it pg_restore did not come to its end.
    const string Summary = "pg_restore: warning: errors ignored on restore: ";

    readonly CancellationTokenSource _stop;
    readonly List<string> _lines = [];
    bool _ended;

    /// <summary>Begins to watch.</summary>
    /// <param name="cancellationToken">What else ends it.</param>
    public ExitOnErrorWatcher(CancellationToken cancellationToken) => _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Ends pg_restore at the first error.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>True when there was an error that counts.</summary>
    public bool Happened => _lines.Count > 0;

    /// <summary>True when pg_restore came to its end and nothing but the one statement was refused.</summary>
    public bool IsHarmless => _ended && !Happened;

    /// <summary>The error as pg_restore told it.</summary>
    public string Said => $"It said:\n{string.Join('\n', _lines)}\n";

    /// <summary>Takes a line.</summary>
    public void Read(string line)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        if (Happened && line.StartsWith(Program, StringComparison.Ordinal))
        {
            _stop.Cancel();
        }
        else if (Happened || (line.Contains(Error, StringComparison.OrdinalIgnoreCase) && !TransactionTimeoutWorkaround.IsRefusal(line)))
        {
            _lines.Add(line);
        }
        else
        {
            _ended |= line.StartsWith(Summary, StringComparison.Ordinal);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
