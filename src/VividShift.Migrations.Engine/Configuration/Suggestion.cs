namespace VividShift.Migrations.Engine.Configuration;

/// <summary>"Did you mean": the known name that is nearest to a misspelt one.</summary>
static class Suggestion
{
    /// <summary>The nearest of <paramref name="known"/>; null when none is near enough to be meant.</summary>
    internal static string? For(string name, IEnumerable<string> known)
    {
        var nearest = known
            .Select(candidate => (Candidate: candidate, Distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Candidate is not null && nearest.Distance <= Math.Max(1, name.Length / 3) ? nearest.Candidate : null;
    }

    // Levenshtein's edit distance, one row at a time.
    static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
