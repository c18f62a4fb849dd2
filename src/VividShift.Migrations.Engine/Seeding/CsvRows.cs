using System.Text;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Rows of a CSV file, streamed as they are: what they mean is the server's COPY to say.</summary>
sealed class CsvRows : SeedRows
{
    const int Piece = 64 * 1024;

    readonly SeedFile _file;
    readonly SeedSidecar? _sidecar;
    readonly StreamReader _reader;
    readonly CsvHeader _header;

    CsvRows(SeedFile file, SeedSidecar? sidecar, StreamReader reader, CsvHeader header) =>
        (_file, _sidecar, _reader, _header) = (file, sidecar, reader, header);

    internal override IReadOnlyList<string> Columns => _header.Columns;

    internal override string? Table => _header.Table ?? _sidecar?.Table;

    internal override IReadOnlyList<string>? Key => _header.Key ?? _sidecar?.Key;

    internal override string CopyOptions => "FORMAT csv, HEADER true";

    /// <summary>Opens a file.</summary>
    /// <exception cref="MigrationException">SeedFailed, naming file and line.</exception>
    internal static CsvRows Open(SeedFile file, SeedSidecar? sidecar)
    {
        var reader = SeedText.Open(file);
        try
        {
            return new CsvRows(file, sidecar, reader, CsvHeader.Read(file, reader));
        }
        catch (DecoderFallbackException e)
        {
            reader.Dispose();
            throw SeedText.NotUtf8(file, e);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    internal override async Task<long> WriteAsync(
        TextWriter writer, IReadOnlyList<SeedColumn> columns, Action<string, int> progress, CancellationToken cancellationToken)
    {
        var buffer = new char[Piece];
        var scanner = new CsvScanner(_header.EndsWithLineFeed);
        var size = Math.Max(1, _reader.BaseStream.Length);
        // From the line that it passes over the server learns how lines end; it numbers them wrongly as long as it does not know.
        await writer.WriteAsync((_header.EndsWithLineFeed ? "-\n" : "-\r\n").AsMemory(), cancellationToken);
        try
        {
            int read;
            while ((read = await _reader.ReadBlockAsync(buffer, cancellationToken)) > 0)
            {
                scanner.Read(buffer.AsSpan(0, read));
                await writer.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                progress(FormattableString.Invariant($"{scanner.Records:N0} rows"), (int)(100 * _reader.BaseStream.Position / size));
            }
        }
        catch (DecoderFallbackException e)
        {
            throw SeedText.NotUtf8(_file, e);
        }

        return scanner.All;
    }

    internal override int LineOf(long row) => LineOf(scanner => scanner.Records == row);

    internal override int LineOfCopy(int line) => LineOf(scanner => scanner.ServerLine >= line);

    public override ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>The line on which the first record begins of which, when it has ended, the condition is true; else the last
    /// one's.</summary>
    int LineOf(Func<CsvScanner, bool> isIt)
    {
        using var reader = SeedText.Open(_file);
        var header = CsvHeader.Read(_file, reader);
        var scanner = new CsvScanner(header.EndsWithLineFeed);
        var buffer = new char[Piece];
        int read;
        while ((read = reader.ReadBlock(buffer, 0, Piece)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, read))
            {
                if (scanner.Read(c) && isIt(scanner))
                {
                    return header.Lines + scanner.EndedFrom;
                }
            }
        }

        return header.Lines + scanner.Begun;
    }
}
