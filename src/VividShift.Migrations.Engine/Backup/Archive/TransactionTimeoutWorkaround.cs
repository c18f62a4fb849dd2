namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>
/// The one statement at the head of every script and every session of pg_dump and pg_restore 17 and newer that older servers refuse, as
/// they do not know the setting. It says what holds there anyway: without it nothing is different.
/// </summary>
static class TransactionTimeoutWorkaround
{
    const string Statement = "SET transaction_timeout = 0;";
    const int FirstMajor = 17;

    static readonly byte[] Line = [.. "SET transaction_timeout = 0;"u8];

    /// <summary>True when programs of this major say it and a server of that major does not know it.</summary>
    public static bool IsRefused(int programMajor, int serverMajor) => programMajor >= FirstMajor && !IsKnown(serverMajor);

    /// <summary>True when a server knows the setting.</summary>
    public static bool IsKnown(int serverMajor) => serverMajor >= FirstMajor;

    /// <summary>True when a line of a script is this statement.</summary>
    public static bool Is(ReadOnlySpan<byte> line) => line.TrimEnd("\r\n"u8).SequenceEqual(Line);

    /// <summary>A script without it. Only its head is looked at: what comes later is of the database.</summary>
    public static string Without(string script)
    {
        var head = script.IndexOf("\n-- Name: ", StringComparison.Ordinal);
        var place = script.IndexOf(Statement, 0, head < 0 ? script.Length : head, StringComparison.Ordinal);
        return place < 0 ? script : script.Remove(place, Statement.Length);
    }

    /// <summary>True when pg_restore tells with this line that a server refused it.</summary>
    public static bool IsRefusal(string error) =>
        error.Contains("could not execute query: ", StringComparison.Ordinal) && error.Contains("transaction_timeout", StringComparison.Ordinal);
}
