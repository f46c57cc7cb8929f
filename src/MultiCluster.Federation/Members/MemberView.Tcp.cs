using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>Each line of a ConfigMap of TCP services is an Ingress that says the same, so that it is federated as any other.</summary>
public sealed partial class MemberView
{
    private readonly List<string> _tcpProblems = [];

    /// <summary>Lines that are left out since the last call, with the fix.</summary>
    public IReadOnlyList<string> TakeTcpProblems()
    {
        IReadOnlyList<string> problems = [.. _tcpProblems];
        _tcpProblems.Clear();
        return problems;
    }

    private void MakeTcpServices()
    {
        var wanted = new Dictionary<ObjectKey, IngressResource>();
        var taken = new Dictionary<int, ObjectKey>();
        foreach (var map in _tcpServices)
        {
            foreach (var (key, value) in _configMaps.Find(map))
            {
                if (TcpLine.Read(key, value, out var problem) is not { } line)
                    _tcpProblems.Add($"ConfigMap {map}, {Shown.Plain(key)}: {Shown.Quoted(value)} {problem}");
                else if (!taken.TryAdd(line.Port, map))
                    _tcpProblems.Add($"ConfigMap {map}, {key}: ConfigMap {taken[line.Port]} has the port already; remove one");
                else
                    wanted.Add(line.Ingress, TcpIngress.Of(line));
            }
        }

        foreach (var key in _ingresses.Made.Keys.Where(key => !wanted.ContainsKey(key) && key != _defaultCertificate).ToList())
            SetIngress(key, () => _ingresses.SetMade(key, null));
        foreach (var (key, ingress) in wanted)
        {
            if (!ingress.Equals(_ingresses.Made.GetValueOrDefault(key)))
                SetIngress(key, () => _ingresses.SetMade(key, ingress));
        }
    }
}
