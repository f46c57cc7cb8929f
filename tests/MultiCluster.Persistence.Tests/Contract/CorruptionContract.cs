using MultiCluster.Persistence.Journal;
using MultiCluster.Persistence.Snapshots;

namespace MultiCluster.Persistence.Tests.Contract;

public abstract class CorruptionContract : DatabaseContract
{
    private const string CutNewest =
        "UPDATE snapshot SET payload = substr(payload, 1, length(payload) - 1) WHERE seq_nr = (SELECT max(seq_nr) FROM snapshot)";

    [ContractFact]
    public async Task A_corrupt_snapshot_gives_way_to_the_one_before_and_the_events_since()
    {
        await AppendAsync("a", 1, 1, "1", "2", "3", "4");
        await SaveAsync("a", 1, 1, "at 1");
        await SaveAsync("a", 1, 3, "at 3");
        await Journal.CompactAsync(Noon.AddDays(1), 100, None);
        await Site.ExecuteAsync(CutNewest);

        var point = await Snapshots.LoadAsync("a", None);

        Assert.Equal(("at 1", 4L), (Text(point), point!.SequenceNumber));
        var corrupt = Assert.Single(point.Corrupt);
        Assert.Equal((3L, 1L), (corrupt.SequenceNumber, corrupt.Epoch));
        Assert.Contains("CRC", corrupt.Reason, StringComparison.Ordinal);
        var replay = await EventReplay.ReadAsync(Journal, point, None);
        Assert.Equal(["2", "3", "4"], replay.Events.Select(Text));
        Assert.Null(replay.MissingSequenceNumber);
    }

    [ContractFact]
    public async Task Events_that_were_lost_before_a_corrupt_snapshot_are_missed()
    {
        await AppendAsync("a", 1, 1, "1", "2");
        await SaveAsync("a", 1, 1, "at 1");
        await SaveAsync("a", 1, 5, "at 5, 3 to 5 were lost");
        await AppendAsync("a", 1, 6, "6");
        await Site.ExecuteAsync(CutNewest);

        var point = await Snapshots.LoadAsync("a", None);
        var replay = await EventReplay.ReadAsync(Journal, point!, None);

        Assert.Equal(["2"], replay.Events.Select(Text));
        Assert.Equal(3, replay.MissingSequenceNumber);
    }

    [ContractFact]
    public async Task Without_a_sound_snapshot_there_is_none_and_the_numbers_stay()
    {
        await SaveAsync("a", 6, 4, "at 4");
        await SaveAsync("a", 6, 5, "at 5");
        await SaveAsync("b", 6, 0, "fine");
        await Site.ExecuteAsync("UPDATE snapshot SET epoch = epoch + 1 WHERE persistence_id = 'a'");

        var points = await ListAsync(Snapshots.LoadAllAsync(IdRange.All, None));

        Assert.Equal([5L, 4L], points[0].Corrupt.Select(corrupt => corrupt.SequenceNumber));
        Assert.Equal((null, 5L, 6L), (points[0].Snapshot, points[0].SequenceNumber, points[0].Epoch));
        Assert.Equal("fine", Text(points[1]));
        Assert.Equal(1, (await EventReplay.ReadAsync(Journal, points[0], None)).MissingSequenceNumber);
    }

    [ContractFact]
    public async Task A_snapshot_in_anothers_place_is_corrupt()
    {
        await SaveAsync("a", 1, 0, "a");
        await SaveAsync("b", 1, 0, "b");
        await Site.ExecuteAsync("DELETE FROM snapshot WHERE persistence_id = 'b'");
        await Site.ExecuteAsync("UPDATE snapshot SET persistence_id = 'b'");

        Assert.Single((await Snapshots.LoadAsync("b", None))!.Corrupt);
    }

    [ContractFact]
    public async Task A_saved_snapshot_mends_a_corrupt_one()
    {
        await SaveAsync("a", 1, 1, "at 1");
        await Site.ExecuteAsync(CutNewest);
        await SaveAsync("a", 1, 1, "at 1");

        var point = await Snapshots.LoadAsync("a", None);

        Assert.Equal("at 1", Text(point));
        Assert.Empty(point!.Corrupt);
    }

    [ContractFact]
    public async Task Two_events_never_get_one_number_whatever_the_program_does()
    {
        await AppendAsync("a", 1, 1, "1");
        await Site.ExecuteAsync("UPDATE entity SET seq_nr = 0");

        var error = await Assert.ThrowsAsync<PersistenceException>(() => AppendAsync("a", 1, 1, "other"));

        Assert.Equal(PersistenceFailure.Rejected, error.Failure);
        Assert.Equal(["1"], await TextsAsync("a"));
    }
}
