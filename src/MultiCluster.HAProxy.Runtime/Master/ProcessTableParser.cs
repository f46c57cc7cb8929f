using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Master;

public static class ProcessTableParser
{
    public static Outcome<ProcessTable> Parse(string reply)
    {
        MasterRow? master = null;
        var workers = new List<WorkerRow>();
        var old = new List<WorkerRow>();
        List<WorkerRow>? section = null;
        foreach (var line in reply.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#'))
            {
                section = line switch
                {
                    "# workers" => workers,
                    "# old workers" => old,
                    _ => null,
                };
                continue;
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, "master", ..])
                master = ParseMaster(words);
            else if (section is not null && ParseWorker(words) is { } worker)
                section.Add(worker);
            else if (section is not null)
                return new Failure($"HAProxy's master lists a process that can't be read: {line}");
        }

        return master is null
            ? new Failure($"HAProxy's master does not list itself: {reply}")
            : new ProcessTable(master, workers, old);
    }

    // 16889  master  2 [failed: 1]  0d00h13m33s  2.6.12-1+deb12u4
    private static MasterRow? ParseMaster(string[] words) =>
        words is [var pid, _, var reloads, "[failed:", var failed, _, var version] && Number(pid) is { } id &&
        Number(reloads) is { } count && Number(failed.TrimEnd(']')) is { } failures
            ? new MasterRow(id, count, failures, version)
            : null;

    private static WorkerRow? ParseWorker(string[] words) =>
        words is [var pid, "worker", var reloads, _, var version] && Number(pid) is { } id && Number(reloads) is { } count
            ? new WorkerRow(id, count, version)
            : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
