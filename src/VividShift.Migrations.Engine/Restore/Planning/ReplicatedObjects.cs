using System.Text.RegularExpressions;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>What a dump holds that works only together with other servers or with libraries of this one.</summary>
sealed partial class ReplicatedObjects
{
    readonly SortedSet<string> _subscriptions = new(StringComparer.Ordinal);
    readonly SortedSet<string> _publications = new(StringComparer.Ordinal);

    /// <summary>The subscriptions.</summary>
    public IReadOnlyCollection<string> Subscriptions => _subscriptions;

    /// <summary>The publications.</summary>
    public IReadOnlyCollection<string> Publications => _publications;

    /// <summary>True when something has a security label.</summary>
    public bool HasLabels { get; private set; }

    /// <summary>Takes a line of pg_restore's table of contents, or a comment of a plain script; others do nothing.</summary>
    public void Read(string line)
    {
        if (EntryPattern().Match(line) is { Success: true } match)
        {
            switch (match.Groups["kind"].Value)
            {
                case "SUBSCRIPTION":
                    _subscriptions.Add(match.Groups["name"].Value);
                    break;
                case "PUBLICATION":
                    _publications.Add(match.Groups["name"].Value);
                    break;
                default:
                    HasLabels = true;
                    break;
            }
        }
    }

    [GeneratedRegex(
        @"^(\d+; \d+ \d+ ((?<kind>SUBSCRIPTION|PUBLICATION) - (?<name>.+) \S+|(?<kind>SECURITY LABEL) .*)|-- Name: (?<name>.*); Type: (?<kind>SUBSCRIPTION|PUBLICATION|SECURITY LABEL); Schema: .*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex EntryPattern();
}
