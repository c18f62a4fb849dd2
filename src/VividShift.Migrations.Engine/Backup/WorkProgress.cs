using System.Text.RegularExpressions;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>Turns what pg_dump and pg_restore say with --verbose into progress: which table, how many, how much of the bytes.</summary>
internal sealed partial class WorkProgress(string activity, IReadOnlyDictionary<string, long> sizes, IMigrationObserver observer)
{
    readonly object _gate = new();
    readonly long _total = Math.Max(1, sizes.Values.Sum());
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    long _before;

    /// <summary>Takes a line of standard error.</summary>
    public void Read(string line)
    {
        if (Table().Match(line) is not { Success: true } match)
        {
            return;
        }

        var table = match.Groups["table"].Value;
        lock (_gate)
        {
            if (_seen.Add(table))
            {
                var percent = (int)Math.Min(99, 100 * _before / _total);
                _before += sizes.GetValueOrDefault(table);
                observer.Report(new ProgressChanged(activity, FormattableString.Invariant($"{table} ({_seen.Count} of {sizes.Count})"), percent));
            }
        }
    }

    [GeneratedRegex(
        @"(dumping contents of table|processing data for table) ""(?<table>.+)""$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Table();
}
