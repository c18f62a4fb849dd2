using System.Globalization;
using System.Text;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>What databases are called while they are restored and after they were replaced.</summary>
static class RestoreNames
{
    const int LongestName = 63;

    /// <summary>The name beside the old one under which a database is restored.</summary>
    public static string New(string database, DateTimeOffset now) => Fit(database, "_restore_" + Stamp(now));

    /// <summary>What the old database is called after the swap.</summary>
    public static string Old(string database, DateTimeOffset now) => Fit(database, "_before_restore_" + Stamp(now));

    /// <summary>
    /// The beginning of the comment on a database that is being restored. It goes in the transaction that swaps the names, so whatever still
    /// carries it is unfinished.
    /// </summary>
    public static string Mark(string database) => $"VividShift.Migrations is restoring {SqlQuote.Identifier(database)} into this database.";

    static string Stamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    // PostgreSQL would cut the end, which is what tells the names apart. It counts bytes; a letter is never cut in two.
    static string Fit(string name, string suffix)
    {
        var room = LongestName - suffix.Length;
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var letter in name.EnumerateRunes())
        {
            bytes += letter.Utf8SequenceLength;
            if (bytes > room)
            {
                break;
            }

            kept.Append(letter);
        }

        return kept.Append(suffix).ToString();
    }
}
