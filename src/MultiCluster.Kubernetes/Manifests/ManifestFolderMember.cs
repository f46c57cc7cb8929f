using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>
/// A member read from a folder of manifests, as for <c>kubectl apply -R -f</c>, and kept up with its changes.
/// <para>
/// A file counts when its writer has closed it or when it was renamed into place; while it is being written to, and while it
/// is malformed, its last good objects stay, the problem is shown in <see cref="Problems"/>, and the other files go on. A file
/// that is malformed from the very start has no last good objects; the first lists are sent without it, since one file that
/// stays bad must not keep the rest of a member out.
/// </para>
/// <para>
/// A folder that can't be read is a lost connection, not an empty folder. A program that closes a file half-written can't be
/// told from one that is done: writers who want no doubt at all write a temporary file (any name that doesn't end in .yaml,
/// .yml or .json) and rename it.
/// </para>
/// </summary>
public sealed class ManifestFolderMember(MemberName name, string folder, TimeProvider time, ILogger<ManifestFolderMember> logger) : IMemberSource
{
    private readonly string _folder = Path.GetFullPath(folder);
    private ImmutableArray<FolderProblem> _problems = [];

    /// <summary>Raised after <see cref="Problems"/> has changed, on the thread that reads the folder.</summary>
    public event EventHandler? ProblemsChanged;

    public string Description => _folder;

    /// <summary>What is wrong in the folder now.</summary>
    public IReadOnlyList<FolderProblem> Problems => _problems;

    /// <summary>Each run reads everything anew; one that was cancelled may still be ending.</summary>
    public async Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        void Report(ImmutableArray<FolderProblem> problems)
        {
            if (cancellationToken.IsCancellationRequested)
                return;
            _problems = problems;
            ProblemsChanged?.Invoke(this, EventArgs.Empty);
        }

        Report([]);
        await new FolderReader(name, _folder, time, logger, Report).RunAsync(sink, cancellationToken);
    }
}
