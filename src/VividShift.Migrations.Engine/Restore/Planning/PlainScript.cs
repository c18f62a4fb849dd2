using System.IO.Compression;
using System.Text;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.PgTools;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>
/// A plain script of pg_dump, read as a stream and never as a whole. What would lead psql out of the new database, or have it run programs, is
/// found before psql gets a byte.
/// </summary>
/// <param name="path">The file; compressed when it begins as gzip does.</param>
sealed class PlainScript(string path)
{
    const int LongestLine = 4096;
    const int BufferSize = 1 << 16;
    const string DumpedFrom = "-- Dumped from database version ";

    static readonly byte[] Copy = "COPY "u8.ToArray();
    static readonly byte[] FromInput = " FROM stdin;"u8.ToArray();
    static readonly byte[] EndOfData = "\\."u8.ToArray();

    /// <summary>How many bytes of the file have been read.</summary>
    public long Position { get; private set; }

    /// <summary>The major of the server that was dumped; 0 when the script does not say. Known once it was checked.</summary>
    public int ServerMajor { get; private set; }

    /// <summary>The length of the file.</summary>
    public long Length { get; } = new FileInfo(path).Length;

    /// <summary>Reads it to its end.</summary>
    /// <param name="heading">Is given each comment, among them the headings of the definitions.</param>
    /// <param name="progress">Is told how much was read, in per cent.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="MigrationException">BackupInvalid: damaged, cut short, or with commands of psql in it.</exception>
    public async Task CheckAsync(Action<string> heading, Action<int> progress, CancellationToken cancellationToken)
    {
        var (claims, ends) = (false, false);
        await foreach (var line in LinesAsync(progress, cancellationToken))
        {
            if (line.Kind == LineKind.Command)
            {
                throw Invalid(
                    FormattableString.Invariant($"has a command of psql in line {line.Number}, '{line.Text}': it would leave the database it is restored into, or run programs."),
                    "Dump without --create, or take the line out.");
            }

            if (line.Kind == LineKind.Comment)
            {
                heading(line.Text);
            }

            if (ServerMajor == 0 && line.Text.StartsWith(DumpedFrom, StringComparison.Ordinal))
            {
                ServerMajor = ClientProgram.MajorOf(line.Text[DumpedFrom.Length..]);
            }

            claims |= line.Text == "-- PostgreSQL database dump";
            ends = line.Text.Length == 0 ? ends : line.Text == "-- PostgreSQL database dump complete" || (ends && line.Kind != LineKind.Sql);
        }

        if (claims && !ends)
        {
            throw Invalid("is cut short: its last line is not 'PostgreSQL database dump complete'.", "Take another copy of it.");
        }
    }

    /// <summary>Writes it to psql, without the lines that fence its commands off, as the fence is ours, and without what an older server refuses.</summary>
    public async Task CopyToAsync(Stream psql, int serverMajor, Action<int> progress, CancellationToken cancellationToken)
    {
        await using var buffered = new BufferedStream(psql, BufferSize);
        var refuses = !TransactionTimeoutWorkaround.IsKnown(serverMajor);
        await foreach (var line in LinesAsync(progress, cancellationToken))
        {
            // In the head alone: what comes later is of the database.
            refuses &= !line.Text.StartsWith("-- Name: ", StringComparison.Ordinal) && !line.Text.StartsWith("-- Data for Name: ", StringComparison.Ordinal);
            if (line.Kind != LineKind.Fence && !(refuses && TransactionTimeoutWorkaround.Is(line.Bytes.Span)))
            {
                await buffered.WriteAsync(line.Bytes, cancellationToken);
            }
        }

        await buffered.FlushAsync(cancellationToken);
    }

    async IAsyncEnumerable<ScriptLine> LinesAsync(
        Action<int> progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using var text = IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        var buffer = new byte[BufferSize];
        var (start, end, number, inData, middle, shown) = (0, 0, 1L, false, false, -1);
        while (true)
        {
            int read;
            try
            {
                read = await text.ReadAsync(buffer.AsMemory(end), cancellationToken);
            }
            catch (InvalidDataException e)
            {
                throw Invalid($"cannot be decompressed ({e.Message.TrimEnd('.')}).", "Take another copy of it.");
            }

            end += read;
            Position = file.Position;
            if (Percent() != shown)
            {
                progress(shown = Percent());
            }

            int length;
            while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n') + 1) > 0 || (start == 0 && end == buffer.Length) || (read == 0 && end > start))
            {
                // A line that is longer than the buffer comes in pieces; only the first can be more than data.
                var whole = length > 0 ? length : end - start;
                var line = Line(buffer.AsMemory(start, whole), number, middle, ref inData);
                yield return line;
                middle = length == 0;
                number += length > 0 ? 1 : 0;
                start += whole;
            }

            if (read == 0)
            {
                yield break;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
    }

    static ScriptLine Line(ReadOnlyMemory<byte> bytes, long number, bool middle, ref bool inData)
    {
        var line = bytes.Span.TrimEnd("\r\n"u8);
        if (middle)
        {
            return new(LineKind.Data, bytes, number, "…");
        }

        if (inData)
        {
            inData = !line.SequenceEqual(EndOfData);
            return new(LineKind.Data, bytes, number, "…");
        }

        inData = line.StartsWith(Copy) && line.EndsWith(FromInput);
        var text = line.Length <= LongestLine && (line.StartsWith("--"u8) || line.StartsWith("\\"u8)) ? Encoding.UTF8.GetString(line) : line.Length == 0 ? string.Empty : "…";
        var kind = text switch
        {
            _ when text.StartsWith(@"\restrict ", StringComparison.Ordinal) || text.StartsWith(@"\unrestrict ", StringComparison.Ordinal) => LineKind.Fence,
            _ when line.StartsWith("\\"u8) => LineKind.Command,
            _ when text.Length == 0 || text.StartsWith("--", StringComparison.Ordinal) => LineKind.Comment,
            _ => LineKind.Sql,
        };
        return new(kind, bytes, number, text);
    }

    int Percent() => Length == 0 ? 100 : (int)(100 * Position / Length);

    static bool IsCompressed(FileStream file)
    {
        var compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return compressed;
    }

    MigrationException Invalid(string problem, string advice) =>
        new(MigrationErrorCode.BackupInvalid, $"'{path}' {problem}", advice) { Target = path };

    enum LineKind
    {
        Sql,
        Comment,
        Data,
        Fence,
        Command,
    }

    readonly record struct ScriptLine(LineKind Kind, ReadOnlyMemory<byte> Bytes, long Number, string Text);
}
