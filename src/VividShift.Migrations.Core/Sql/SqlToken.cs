using System.Runtime.InteropServices;

namespace VividShift.Migrations.Sql;

/// <summary>What a token is, as far as splitting and naming need to know.</summary>
enum SqlTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A key word or a plain identifier.</summary>
    Word,

    /// <summary><c>"name"</c> or <c>U&amp;"name"</c>.</summary>
    QuotedIdentifier,

    /// <summary>Any literal in single quotes, with its prefix and its continuation lines.</summary>
    String,

    /// <summary>A dollar-quoted literal.</summary>
    DollarString,

    /// <summary>A number or a parameter such as <c>$1</c>.</summary>
    Number,

    /// <summary><c>:name</c>: a psql variable, or the upper bound of an array slice.</summary>
    Variable,

    /// <summary>A character or two of an operator or of punctuation.</summary>
    Symbol,

    /// <summary>A backslash outside of quotes: psql starts a command of its own here.</summary>
    Backslash,
}

/// <summary>What the text ran out in the middle of.</summary>
enum OpenConstruct
{
    /// <summary>Nothing: it ended between tokens.</summary>
    None,

    /// <summary>A literal in single quotes.</summary>
    String,

    /// <summary>An identifier in double quotes.</summary>
    Identifier,

    /// <summary>A dollar-quoted literal.</summary>
    DollarString,

    /// <summary>A block comment.</summary>
    Comment,
}

/// <summary>A token as a range of the text, in UTF-16 units; the end is exclusive.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End);
