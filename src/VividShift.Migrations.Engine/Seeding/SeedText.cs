using System.Text;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Reads seed files as strict UTF-8. A byte order mark, which spreadsheets write, is passed over.</summary>
static class SeedText
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Opens a file for streaming.</summary>
    internal static StreamReader Open(SeedFile file)
    {
        var reader = new StreamReader(file.Path, Strict, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024);
        try
        {
            if (reader.Peek() == '\uFEFF')
            {
                _ = reader.Read();
            }

            return reader;
        }
        catch (DecoderFallbackException e)
        {
            reader.Dispose();
            throw NotUtf8(file, e);
        }
    }

    /// <summary>The exception for bytes that are not UTF-8, naming their line.</summary>
    internal static MigrationException NotUtf8(SeedFile file, DecoderFallbackException cause)
    {
        // Read again, line by line: the decoder knows only where in its buffer it stood.
        using var stream = new BufferedStream(File.OpenRead(file.Path), 64 * 1024);
        var line = new List<byte>();
        var number = 1;
        int read;
        while ((read = stream.ReadByte()) >= 0)
        {
            line.Add((byte)read);
            if (read == '\n')
            {
                if (IsInvalid())
                {
                    break;
                }

                line.Clear();
                number++;
            }
        }

        return SeedErrors.Unusable(file, number, "The file is not UTF-8 in this line.", "Save it as UTF-8.", cause);

        bool IsInvalid() => MigrationText.FirstInvalidByte(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line)) >= 0;
    }
}
