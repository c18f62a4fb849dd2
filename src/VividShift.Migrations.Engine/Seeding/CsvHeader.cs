using System.Text;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>The beginning of a CSV file: lines <c># key: …</c> and <c># table: …</c>, then the names of the columns.</summary>
sealed class CsvHeader
{
    /// <summary>The columns.</summary>
    internal required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The table; null when not said.</summary>
    internal string? Table { get; private set; }

    /// <summary>The key; null when not said.</summary>
    internal IReadOnlyList<string>? Key { get; private set; }

    /// <summary>True when its lines end with LF alone.</summary>
    internal required bool EndsWithLineFeed { get; init; }

    /// <summary>How many lines it takes.</summary>
    internal required int Lines { get; init; }

    /// <summary>Reads it; the reader stands at the first row then.</summary>
    /// <exception cref="MigrationException">SeedFailed, naming the line.</exception>
    internal static CsvHeader Read(SeedFile file, TextReader reader)
    {
        string? table = null;
        List<string>? key = null;
        var lines = 0;
        while (reader.Peek() is '#' or '\n' or '\r')
        {
            lines++;
            var comment = ReadLine(reader).Text!.TrimStart('#').Split(':', 2);
            switch (comment is [var name, _] ? name.Trim().ToLowerInvariant() : "")
            {
                case "key":
                    key = [.. comment[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
                    break;
                case "table":
                    table = comment[1].Trim();
                    break;
                default:
                    break;
            }
        }

        lines++;
        var (header, feed) = ReadLine(reader);
        if (header is null)
        {
            throw SeedErrors.Unusable(file, lines, "The file has no header.", "Write the names of the columns into its first line.");
        }

        return new CsvHeader { Columns = Split(file, lines, header), Lines = lines, EndsWithLineFeed = feed, Table = table, Key = key };
    }

    static (string? Text, bool Feed) ReadLine(TextReader reader)
    {
        if (reader.Peek() < 0)
        {
            return (null, true);
        }

        var line = new StringBuilder();
        int read;
        while ((read = reader.Read()) >= 0 && read is not ('\n' or '\r'))
        {
            line.Append((char)read);
        }

        if (read == '\r' && reader.Peek() == '\n')
        {
            _ = reader.Read();
        }

        return (line.ToString(), read != '\r');
    }

    static List<string> Split(SeedFile file, int line, string header)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var quoted = false;
        foreach (var c in header + ",")
        {
            if (c == ',' && !quoted)
            {
                names.Add(name.ToString().Trim());
                name.Clear();
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else
            {
                name.Append(c);
            }
        }

        if (quoted || names.Contains(""))
        {
            throw SeedErrors.Unusable(file, line, "A column in the header has no name, or a quote in it never ends.", "Correct the header.");
        }

        return names;
    }
}
