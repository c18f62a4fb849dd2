using System.Runtime.InteropServices;

namespace VividShift.Migrations.Sql;

/// <summary>
/// Tracks whether a statement is inside the <c>BEGIN ATOMIC ... END</c> body of a function, where a semicolon ends nothing. psql's
/// rule: only after CREATE [OR REPLACE] FUNCTION or PROCEDURE as the first words, outside of parentheses; CASE counts inside a
/// body, since it ends with END, too.
/// </summary>
[StructLayout(LayoutKind.Auto)]
struct AtomicBody
{
    Prefix _prefix;

    enum Prefix
    {
        Nothing,
        Create,
        CreateOr,
        CreateOrReplace,
        Routine,
        Other,
    }

    /// <summary>How many blocks are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Where the outermost of them began.</summary>
    public int OpenedAt { get; private set; }

    /// <summary>Tells of the next unquoted word of the statement.</summary>
    public void Word(ReadOnlySpan<char> word, int offset, bool parenthesised)
    {
        if (_prefix != Prefix.Routine)
        {
            _prefix = After(word);
            return;
        }

        if (parenthesised)
        {
            return;
        }

        if (word.Equals("BEGIN", StringComparison.OrdinalIgnoreCase))
        {
            OpenedAt = Depth == 0 ? offset : OpenedAt;
            Depth++;
        }
        else if (Depth > 0 && word.Equals("CASE", StringComparison.OrdinalIgnoreCase))
        {
            Depth++;
        }
        else if (Depth > 0 && word.Equals("END", StringComparison.OrdinalIgnoreCase))
        {
            Depth--;
        }
    }

    readonly Prefix After(ReadOnlySpan<char> word) => _prefix switch
    {
        Prefix.Nothing when Is(word, "CREATE") => Prefix.Create,
        Prefix.Create when Is(word, "OR") => Prefix.CreateOr,
        Prefix.CreateOr when Is(word, "REPLACE") => Prefix.CreateOrReplace,
        Prefix.Create or Prefix.CreateOrReplace when Is(word, "FUNCTION") || Is(word, "PROCEDURE") => Prefix.Routine,
        _ => Prefix.Other,
    };

    static bool Is(ReadOnlySpan<char> word, string expected) => word.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
