namespace VividShift.Migrations.Activity;

/// <summary>
/// Who waits for whom. A session that waits for several has its place below the one nearest to a root; those that only queue behind
/// each other for one lock are thereby shown side by side below its holder.
/// </summary>
public static class BlockingTree
{
    /// <summary>
    /// The sessions with Blocks, Depth and RootBlocker filled in: first the trees, the one with the most victims in front and each root
    /// before those who wait for it, then the others, the longest first.
    /// </summary>
    public static IReadOnlyList<DatabaseActivity> Of(IEnumerable<DatabaseActivity> sessions)
    {
        var byId = sessions.ToDictionary(s => s.ProcessId);
        var victims = byId.Values.SelectMany(s => s.BlockedBy.Select(blocker => (blocker, s.ProcessId))).ToLookup(p => p.blocker, p => p.ProcessId);
        var places = Places(byId, victims);
        var children = places.Where(p => p.Value.Parent is not null).ToLookup(p => p.Value.Parent!.Value, p => p.Key);
        var trees =
            from place in places
            where place.Value.Parent is null
            let size = places.Count(p => p.Value.Root == place.Key)
            orderby size descending, Age(byId[place.Key]) descending, place.Key
            select place.Key;
        var ordered = trees.SelectMany(root => WithThoseBelow(root, children, byId)).ToList();
        var rest = byId.Values.Where(s => !places.ContainsKey(s.ProcessId)).OrderByDescending(Age).ThenBy(s => s.ProcessId).Select(s => s.ProcessId);
        return
        [
            .. ordered.Concat(rest).Select(id => byId[id] with
            {
                Blocks = [.. victims[id].Order()],
                Depth = places.TryGetValue(id, out var place) ? place.Depth : 0,
                RootBlocker = places.TryGetValue(id, out place) ? place.Root : null,
            }),
        ];
    }

    /// <summary>Breadth first from the roots: the nearest blocker becomes the parent.</summary>
    static Dictionary<int, Place> Places(Dictionary<int, DatabaseActivity> byId, ILookup<int, int> victims)
    {
        var places = new Dictionary<int, Place>();
        var queue = new Queue<int>();
        // A prepared transaction (0) and a session that has just ended are blockers without a row: who waits for nobody else is a root.
        bool WaitsForNobody(DatabaseActivity s) => !s.BlockedBy.Any(byId.ContainsKey);
        foreach (var root in byId.Values.Where(s => WaitsForNobody(s) && (victims.Contains(s.ProcessId) || s.BlockedBy.Count > 0)))
        {
            AddRoot(root.ProcessId);
        }

        Spread();
        // What is left waits in a circle, until the server's deadlock check comes by: the lowest process id stands for it.
        foreach (var id in byId.Values.Where(s => s.BlockedBy.Count > 0).Select(s => s.ProcessId).Order())
        {
            if (!places.ContainsKey(id))
            {
                AddRoot(id);
                Spread();
            }
        }

        return places;

        void AddRoot(int id)
        {
            places[id] = new(Parent: null, Root: id, Depth: 0);
            queue.Enqueue(id);
        }

        void Spread()
        {
            while (queue.TryDequeue(out var id))
            {
                foreach (var victim in victims[id].Where(v => byId.ContainsKey(v) && !places.ContainsKey(v)).Order())
                {
                    places[victim] = new(id, places[id].Root, places[id].Depth + 1);
                    queue.Enqueue(victim);
                }
            }
        }
    }

    static IEnumerable<int> WithThoseBelow(int id, ILookup<int, int> children, Dictionary<int, DatabaseActivity> byId) =>
        children[id].OrderByDescending(child => Age(byId[child])).ThenBy(child => child)
            .SelectMany(child => WithThoseBelow(child, children, byId)).Prepend(id);

    static TimeSpan Age(DatabaseActivity session) => session.TransactionDuration ?? session.Duration ?? TimeSpan.Zero;

    readonly record struct Place(int? Parent, int Root, int Depth);
}
