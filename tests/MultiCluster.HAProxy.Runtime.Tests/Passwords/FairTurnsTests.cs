using MultiCluster.HAProxy.Runtime.Passwords;

namespace MultiCluster.HAProxy.Runtime.Tests.Passwords;

public sealed class FairTurnsTests
{
    [Fact]
    public async Task A_crowd_at_one_group_keeps_nobody_of_another_waiting_longer_than_a_turn()
    {
        var turns = new FairTurns(turns: 1, places: 64, perGroup: 16, perSource: 64);
        var crowd = Enumerable.Range(0, 20).Select(_ => turns.TakeAsync("guessed", "anywhere", CancellationToken.None)).ToList();
        foreach (var late in crowd[16..])
            Assert.Null(await late);
        var other = turns.TakeAsync("other", "anywhere", CancellationToken.None);
        Assert.False(other.IsCompleted);
        (await crowd[0])!.Dispose();
        (await crowd[1])!.Dispose();
        (await other)!.Dispose();
        for (var i = 2; i < 16; i++)
            (await crowd[i])!.Dispose();
        (await turns.TakeAsync("guessed", "anywhere", CancellationToken.None))!.Dispose();
    }

    [Fact]
    public async Task A_source_has_its_share_in_all_groups()
    {
        var turns = new FairTurns(turns: 2, places: 64, perGroup: 16, perSource: 2);
        var first = (await turns.TakeAsync("a", "one", CancellationToken.None))!;
        (await turns.TakeAsync("b", "one", CancellationToken.None))!.Dispose();
        var second = (await turns.TakeAsync("b", "one", CancellationToken.None))!;
        Assert.Null(await turns.TakeAsync("c", "one", CancellationToken.None));
        first.Dispose();
        first.Dispose();
        (await turns.TakeAsync("c", "other", CancellationToken.None))!.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Who_has_no_patience_leaves_turn_and_place_to_others()
    {
        var turns = new FairTurns(turns: 1, places: 2, perGroup: 2, perSource: 2);
        var first = (await turns.TakeAsync("a", "one", CancellationToken.None))!;
        using var patience = new CancellationTokenSource();
        var impatient = turns.TakeAsync("a", "two", patience.Token);
        Assert.Null(await turns.TakeAsync("b", "three", CancellationToken.None));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        var next = turns.TakeAsync("b", "three", CancellationToken.None);
        first.Dispose();
        (await next)!.Dispose();
        (await turns.TakeAsync("a", "one", CancellationToken.None))!.Dispose();
    }
}
