using System.Collections.Immutable;

namespace MultiCluster.Kubernetes.Client;

/// <summary>What is wrong with a member beside the kinds that can't be read, which its events tell of.</summary>
/// <param name="Subject">What it is about, such as credentials or FederatedIngress; one problem for each.</param>
/// <param name="Message">For people: what is wrong and the fix.</param>
public sealed record MemberProblem(string Subject, string Message)
{
    public override string ToString() => $"{Subject}: {Message}";
}

/// <summary>The problems of one member now, told by several tasks.</summary>
internal sealed class ProblemBoard(Action changed)
{
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<string, MemberProblem> _problems =
        ImmutableSortedDictionary.Create<string, MemberProblem>(StringComparer.Ordinal);

    public IReadOnlyList<MemberProblem> Problems => [.. _problems.Values];

    /// <param name="message">Null when there is no such problem any more.</param>
    public void Set(string subject, string? message)
    {
        lock (_lock)
        {
            var next = message is null ? _problems.Remove(subject) : _problems.SetItem(subject, new MemberProblem(subject, message));
            if (ReferenceEquals(next, _problems))
                return;
            _problems = next;
        }

        changed();
    }
}
