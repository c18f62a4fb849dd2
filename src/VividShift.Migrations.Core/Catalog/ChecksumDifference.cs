namespace VividShift.Migrations.Catalog;

/// <summary>
/// Tells whether a file differs from what was applied only in ways that editors and git cause by themselves: line endings, a byte
/// order mark, the last line break.
/// </summary>
public static class ChecksumDifference
{
    /// <summary>The difference in words, such as "only in line endings (applied with CRLF)"; null when it is a real edit.</summary>
    /// <param name="file">The file as it is now.</param>
    /// <param name="applied">The checksum in history.</param>
    public static string? Explain(MigrationFile file, Checksum applied)
    {
        var content = file.Content.Span;
        var bare = MigrationText.HasByteOrderMark(content) ? content[3..] : content;
        var unix = Without(bare, (byte)'\r', before: (byte)'\n');
        var endingsVariants = new (string? Endings, byte[] Lines)[] { (null, bare.ToArray()), ("LF", unix), ("CRLF", WithCarriageReturns(unix)) };
        // Line endings before the last line break: a file of one line would match either, and the former is what happens.
        var bodies = from variant in endingsVariants
                     from body in LastLineVariants(variant.Lines)
                     orderby body.LastLine is null descending
                     select (variant.Endings, body.LastLine, body.Body);
        foreach (var (endings, lastLine, body) in bodies)
        {
            foreach (var marked in new[] { false, true })
            {
                byte[] candidate = marked ? [0xEF, 0xBB, 0xBF, .. body] : body;
                if (Checksum.Of(candidate) == applied)
                {
                    return Describe(content, candidate, endings, lastLine, marked);
                }
            }
        }

        return null;
    }

    static string Describe(ReadOnlySpan<byte> now, byte[] then, string? endings, string? lastLine, bool marked)
    {
        var differences = new List<string>();
        if (endings is not null)
        {
            differences.Add($"line endings (applied with {endings})");
        }

        if (MigrationText.HasByteOrderMark(now) != marked)
        {
            differences.Add($"a byte order mark (applied {(marked ? "with" : "without")} one)");
        }

        if (lastLine is not null)
        {
            differences.Add($"the last line break (applied {lastLine} it)");
        }

        return differences.Count == 0 || then.AsSpan().SequenceEqual(now)
            ? "only in characters that are left out of the hash"
            : "only in " + string.Join(" and ", differences);
    }

    static IEnumerable<(string? LastLine, byte[] Body)> LastLineVariants(byte[] body)
    {
        yield return (null, body);
        var end = body.Length;
        while (end > 0 && body[end - 1] is (byte)'\n' or (byte)'\r')
        {
            end--;
        }

        yield return ("without", body[..end]);
        yield return ("with", [.. body[..end], (byte)'\n']);
        yield return ("with", [.. body[..end], (byte)'\r', (byte)'\n']);
    }

    static byte[] Without(ReadOnlySpan<byte> content, byte unwanted, byte before)
    {
        var kept = new List<byte>(content.Length);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] != unwanted || i + 1 == content.Length || content[i + 1] != before)
            {
                kept.Add(content[i]);
            }
        }

        return [.. kept];
    }

    static byte[] WithCarriageReturns(byte[] unix)
    {
        var wider = new List<byte>(unix.Length + 64);
        foreach (var b in unix)
        {
            if (b == (byte)'\n')
            {
                wider.Add((byte)'\r');
            }

            wider.Add(b);
        }

        return [.. wider];
    }
}
