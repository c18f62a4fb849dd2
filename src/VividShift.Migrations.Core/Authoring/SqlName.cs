using System.Text;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Authoring;

/// <summary>
/// A name of something in the database, with its schema if it has one, as a user wrote it: <c>orders</c>, <c>app.orders</c>,
/// <c>Order Items</c>, <c>app."Order.Items"</c>. It keeps its case: what is not plain lower case is quoted, so that PostgreSQL
/// does not fold it.
/// </summary>
sealed class SqlName
{
    // NAMEDATALEN - 1 (PostgreSQL manual, 4.1.1): what is longer is cut by the server, and two names may become one.
    const int MaximumBytes = 63;

    // The keywords that are reserved, or reserved but for functions and types, in any of PostgreSQL 12 to 18 (manual, appendix C).
    static readonly HashSet<string> Reserved =
    [
        .. """
           all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
           collation column concurrently constraint create cross current_catalog current_date current_role
           current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
           except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is
           isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only
           or order outer overlaps placing primary references returning right select session_user similar some symmetric
           system_user table tablesample then to trailing true union unique user using variadic verbose when where
           window with
           """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    readonly IReadOnlyList<string> _parts;

    SqlName(IReadOnlyList<string> parts) => _parts = parts;

    /// <summary>The name without its schema, unquoted.</summary>
    public string Base => _parts[^1];

    /// <summary>The schema as SQL text with its dot; empty when the name has none.</summary>
    public string Schema => string.Concat(_parts.Take(_parts.Count - 1).Select(p => Quote(p) + "."));

    /// <summary>Reads a name; <paramref name="problem"/> says why when it is none.</summary>
    public static SqlName? Read(string text, out string? problem)
    {
        problem = text.Any(c => char.IsControl(c) || c is '\'' or '\\') || text.Contains("$$", StringComparison.Ordinal)
            // Templates put names into literals and dollar-quoted bodies as well.
            ? "it holds a control character, a quote, a backslash or $$"
            : null;
        var parts = problem is null ? Split(text.Trim()) : [];
        problem ??= parts is null ? "its double quotes do not match"
            : parts.Any(string.IsNullOrWhiteSpace) ? "it is empty, or a part of it is"
            : parts.Find(p => Encoding.UTF8.GetByteCount(p) > MaximumBytes) is { } part ? TooLong(part)
            : null;
        return problem is null ? new(parts!) : null;
    }

    /// <summary>One identifier as SQL text, quoted where needed.</summary>
    public static string Quote(string identifier)
    {
        var plain = identifier[0] is (>= 'a' and <= 'z') or '_'
            && identifier.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '$')
            && !Reserved.Contains(identifier);
        return plain ? identifier : SqlQuote.Identifier(identifier);
    }

    /// <summary>Why an identifier is too long; null when it is not.</summary>
    public static string? TooLong(string identifier)
    {
        var bytes = Encoding.UTF8.GetByteCount(identifier);
        return bytes > MaximumBytes
            ? FormattableString.Invariant($"the name {identifier} has {bytes} bytes, and PostgreSQL cuts names after {MaximumBytes}")
            : null;
    }

    /// <summary>The name as SQL text, quoted where needed.</summary>
    public override string ToString() => string.Join('.', _parts.Select(Quote));

    static List<string>? Split(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var doubled = quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"';
            if (text[i] == '"' && !doubled)
            {
                quoted = !quoted;
            }
            else if (text[i] == '.' && !quoted)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(text[i]);
                i += doubled ? 1 : 0;
            }
        }

        parts.Add(part.ToString());
        return quoted ? null : parts;
    }
}
