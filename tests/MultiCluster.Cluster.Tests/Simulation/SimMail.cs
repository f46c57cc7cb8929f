using MultiCluster.Actors;
using MultiCluster.Cluster.Delivery;
using MultiCluster.Cluster.Sharding;
using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Tests.Simulation;

/// <summary>A message that must arrive once, or be accounted for.</summary>
internal sealed record Letter(int Number);

/// <summary>What became of letters.</summary>
internal sealed class SimMail(SimWorld world)
{
    private readonly Dictionary<int, (int Arrived, string? Excuse)> _letters = [];

    public int Sent => _letters.Count;

    public int Arrived => _letters.Values.Count(static letter => letter.Arrived > 0);

    public int Excused => _letters.Values.Count(static letter => letter is { Arrived: 0, Excuse: not null });

    public bool HasArrived(int number) => _letters[number].Arrived > 0;

    public Letter Write()
    {
        var letter = new Letter(_letters.Count + 1);
        _letters.Add(letter.Number, (0, null));
        return letter;
    }

    public void Arrive(Letter letter)
    {
        var (arrived, excuse) = _letters[letter.Number];
        _letters[letter.Number] = (arrived + 1, excuse);
        world.Note($"letter {letter.Number} arrived");
        if (arrived > 0)
            world.Violate($"letter {letter.Number} arrived twice");
    }

    /// <summary>A process ended: nobody can say what it held.</summary>
    public void ExcuseAllUnderWay(string why)
    {
        foreach (var (number, letter) in _letters)
        {
            if (letter is { Arrived: 0, Excuse: null })
                _letters[number] = (0, why);
        }
    }

    public void Excuse(object message, string why)
    {
        if (Find(message) is not { } letter)
            return;
        world.Note($"letter {letter.Number}: {why}");
        var (arrived, excuse) = _letters[letter.Number];
        _letters[letter.Number] = (arrived, excuse ?? why);
    }

    public void CheckAll()
    {
        foreach (var (number, letter) in _letters)
        {
            if (letter is { Arrived: 0, Excuse: null })
                world.Violate($"letter {number} neither arrived nor is accounted for");
        }
    }

    public static string Describe(object message) => message switch
    {
        ShardEnvelope envelope => $"shard {envelope.Shard} epoch {envelope.Epoch} {envelope.Key} {Describe(envelope.Message)}",
        EnvelopeRefused refused => $"refused (now {refused.Epoch}): {Describe(refused.Envelope)}",
        DeliveryProtocol.Batch batch => $"batch {batch.Number} of {batch.Source} {string.Join(' ', batch.Items.Select(static item => $"{item.Key}={(item.Payload as SimObject)?.Revision}"))}",
        DeliveryProtocol.Complete complete => $"complete {complete.Number} of {complete.Source} {string.Join(' ', complete.Keys)}",
        DeliveryProtocol.FromShard answer => $"{answer.GetType().Name} by shard {answer.Shard} {answer.Session.Epoch}/{answer.Session.Start}",
        DeliveryProtocol.FromSource delivery => $"{delivery.GetType().Name} of {delivery.Source} {delivery.Generation.Epoch}/{delivery.Generation.Start}",
        _ => message.ToString() ?? "",
    };

    private static Letter? Find(object message) => message switch
    {
        Letter letter => letter,
        ShardEnvelope envelope => Find(envelope.Message),
        EnvelopeRefused refused => Find(refused.Envelope),
        ShardingProtocol.ToEntity to => Find(to.Message),
        ShardingProtocol.Deliver deliver => Find(deliver.Message),
        FromPeer from => Find(from.Message),
        _ => null,
    };
}

/// <summary>The cluster did what it must never do.</summary>
internal sealed class InvariantException(string message) : Exception(message);
