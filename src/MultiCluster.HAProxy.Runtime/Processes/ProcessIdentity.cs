using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Processes;

/// <summary>A process that can't be mistaken for a later one with the same id.</summary>
/// <param name="StartTicks">Field 22 of <c>/proc/PID/stat</c>: clock ticks since boot.</param>
public readonly record struct ProcessIdentity(int Pid, long StartTicks)
{
    private const int StateField = 0;
    private const int StartTimeField = 19;

    /// <summary>Neither gone nor a zombie nor replaced by another process with its id.</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>Null when no such process runs.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The second field is the name in parentheses and may hold anything; proc(5).
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[StateField] is "Z" or "X"
            ? null
            : new ProcessIdentity(pid, long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture));
    }

    /// <summary>Direct children; none when the kernel does not tell.</summary>
    internal IReadOnlyList<ProcessIdentity> Children()
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{Pid}/task/{Pid}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(pid => Of(int.Parse(pid, CultureInfo.InvariantCulture)))
                .OfType<ProcessIdentity>()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    internal bool Signal(int signal) => IsAlive && NativeMethods.Kill(Pid, signal) == 0;
}
