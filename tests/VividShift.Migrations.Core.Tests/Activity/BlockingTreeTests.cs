using VividShift.Migrations.Activity;

namespace VividShift.Migrations.Core.Tests.Activity;

public class BlockingTreeTests
{
    [Fact]
    public void Those_that_wait_come_below_the_nearest_blocker_and_the_largest_tree_in_front()
    {
        var tree = BlockingTree.Of([Session(9), Session(1), Session(2, 1), Session(5), Session(6, 5), Session(7, 5, 6), Session(8, 7)]);

        Assert.Equal([5, 6, 7, 8, 1, 2, 9], tree.Select(s => s.ProcessId));
        Assert.Equal([0, 1, 1, 2, 0, 1, 0], tree.Select(s => s.Depth));
        Assert.Equal([5, 5, 5, 5, 1, 1, null], tree.Select(s => s.RootBlocker));
        Assert.Equal([6, 7], tree[0].Blocks);
        Assert.Equal([7], tree[1].Blocks);
    }

    [Fact]
    public void A_circle_has_its_lowest_process_as_root_and_nobody_is_lost()
    {
        var tree = BlockingTree.Of([Session(3, 2), Session(2, 3), Session(4, 3)]);

        Assert.Equal([2, 3, 4], tree.Select(s => s.ProcessId));
        Assert.Equal([0, 1, 2], tree.Select(s => s.Depth));
    }

    [Fact]
    public void Who_waits_for_a_prepared_transaction_or_for_somebody_who_is_gone_is_a_root()
    {
        var tree = BlockingTree.Of([Session(1), Session(3, 0), Session(4, 3, 99)]);

        Assert.Equal([3, 4, 1], tree.Select(s => s.ProcessId));
        Assert.Equal([3, 3, null], tree.Select(s => s.RootBlocker));
    }

    [Fact]
    public void Any_graph_keeps_every_session_once_and_each_root_before_its_victims()
    {
        var random = new Random(20250926);
        for (var round = 0; round < 500; round++)
        {
            var count = random.Next(1, 12);
            var sessions = Enumerable.Range(1, count)
                .Select(id => Session(
                    id, [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(0, count + 2)).Where(b => b != id).Distinct()]))
                    .ToList();

            var tree = BlockingTree.Of(sessions);

            Assert.Equal(Enumerable.Range(1, count), tree.Select(s => s.ProcessId).Order());
            var place = tree.Select((s, i) => (s.ProcessId, i)).ToDictionary(p => p.ProcessId, p => p.i);
            Assert.All(tree, s => Assert.True(s.RootBlocker is null || place[s.RootBlocker.Value] <= place[s.ProcessId]));
            Assert.All(tree, s => Assert.Equal(s.RootBlocker is null, s.BlockedBy.Count == 0 && s.Blocks.Count == 0));
        }
    }

    [Fact]
    public void A_blocker_in_another_database_is_shown_with_those_it_blocks_here()
    {
        var sessions = new[]
        {
            Session(1) with { Database = "other", State = ActivityState.Idle },
            Session(2, 1) with { Database = "shop", State = ActivityState.Active },
            Session(3) with { Database = "other", State = ActivityState.Active },
            Session(4) with { Database = "shop", State = ActivityState.Idle },
        };

        Assert.Equal([1, 2], ActivityFilter.Apply(sessions, new(), "shop").Select(s => s.ProcessId));
        Assert.Equal([1, 2, 4], ActivityFilter.Apply(sessions, new() { All = true }, "shop").Select(s => s.ProcessId));
        Assert.Equal([1, 2, 3], ActivityFilter.Apply(sessions, new() { AllDatabases = true }, "shop").Select(s => s.ProcessId));
    }

    static DatabaseActivity Session(int id, params int[] blockers) => new()
    {
        ProcessId = id,
        State = ActivityState.Active,
        BackendType = "client backend",
        BlockedBy = blockers,
        SeenFrom = new("localhost", 5432, "shop", "dev"),
    };
}
