using System.Security.Cryptography;
using System.Text;

namespace VividShift.Migrations.Engine.Backup.Manifest;

/// <summary>
/// The last line of a JSON file: a hash over every byte before it. It shows damage and edits by hand. It is no signature: who means to
/// deceive can compute it anew, so guard the folder as the database.
/// </summary>
static class JsonChecksum
{
    const string Before = ",\n  \"seal\": \"";
    const string After = "\"\n}\n";
    const int Digits = 64;

    /// <summary>The bytes of the file for an indented JSON object.</summary>
    public static byte[] Put(string json)
    {
        var open = json.ReplaceLineEndings("\n").TrimEnd().TrimEnd('}').TrimEnd();
        return Encoding.UTF8.GetBytes(open + Before + Hash(Encoding.UTF8.GetBytes(open)) + After);
    }

    /// <summary>The seal of a file; null when it has none or not the right one.</summary>
    public static string? Check(ReadOnlySpan<byte> content)
    {
        var tail = Before.Length + Digits + After.Length;
        if (content.Length <= tail)
        {
            return null;
        }

        var open = content[..^tail];
        var seal = Hash(open);
        return content[^tail..].SequenceEqual(Encoding.UTF8.GetBytes(Before + seal + After)) ? seal : null;
    }

    static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
}
