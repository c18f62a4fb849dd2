using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>The rows of a file, on their way into a COPY.</summary>
abstract class SeedRows : IAsyncDisposable
{
    /// <summary>The columns, as the file names them.</summary>
    internal abstract IReadOnlyList<string> Columns { get; }

    /// <summary>The table that the file names; null: its own name says it.</summary>
    internal abstract string? Table { get; }

    /// <summary>The columns by which a row is known, as the file says; null: those of the primary key.</summary>
    internal abstract IReadOnlyList<string>? Key { get; }

    /// <summary>The options of COPY for what is written.</summary>
    internal abstract string CopyOptions { get; }

    /// <summary>Writes all rows; the answer is how many there are.</summary>
    /// <param name="writer">The COPY.</param>
    /// <param name="columns">The columns as they are in the table, in the order of <see cref="Columns"/>.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal abstract Task<long> WriteAsync(
        TextWriter writer, IReadOnlyList<SeedColumn> columns, Action<string, int> progress, CancellationToken cancellationToken);

    /// <summary>The line of the file on which a row begins.</summary>
    /// <param name="row">Its number, from 1.</param>
    internal abstract int LineOf(long row);

    /// <summary>The line of the file that is meant by the line of the COPY's data that the server complains of.</summary>
    internal abstract int LineOfCopy(int line);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => default;

    /// <summary>Opens a file.</summary>
    /// <exception cref="MigrationException">SeedFailed, naming file and line.</exception>
    internal static async Task<SeedRows> OpenAsync(SeedFile file, CancellationToken cancellationToken) => file.Format == SeedFormat.Csv
        ? CsvRows.Open(file, await SeedSidecar.FindAsync(file, cancellationToken))
        : JsonRows.Open(await JsonText.ReadAsync(file, cancellationToken));
}
