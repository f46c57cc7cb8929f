using System.Globalization;
using MultiCluster.Acme.Certificates;
using MultiCluster.Acme.Renewal;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Acme.Tests.Certificates;

/// <summary>Does what the plans say against an authority that is down for a day every month and loses one order in fifty; time leaps to what is next.</summary>
internal sealed class AcmeSimulation(int seed, int certificates, int maxRunning)
{
    private readonly Random _random = new(seed);
    private readonly RenewalPolicy _policy = new();
    private readonly Dictionary<ObjectKey, HeldCertificate> _held = [];
    private readonly PriorityQueue<WantedCertificate, DateTimeOffset> _running = new();
    private DateTimeOffset _now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
    private AcmeState _state = AcmeState.Empty;

    public List<string> Ended { get; } = [];

    public int MostRunning { get; private set; }

    public int Succeeded { get; private set; }

    public int Failed { get; private set; }

    public int Decisions { get; private set; }

    public void Run(TimeSpan time)
    {
        var wanted = Enumerable.Range(0, certificates)
            .Select(static number => new WantedCertificate(
                new HostSet([string.Create(CultureInfo.InvariantCulture, $"shop-{number}.example")]), [new ObjectKey("web", string.Create(CultureInfo.InvariantCulture, $"shop-{number}"))]))
            .ToEquatableArray();
        var end = _now + time;
        while (_now < end)
        {
            Decisions++;
            var plan = AcmeCertificates.Decide(wanted, _held, _state, _policy, maxRunning, _now);
            foreach (var order in plan.Orders)
            {
                _state = _state.Began(order.Certificate.Id);
                _running.Enqueue(order.Certificate, _now.AddSeconds(_random.Next(5, 120)));
            }

            MostRunning = Math.Max(MostRunning, _state.Running.Count);
            Advance(plan.Next, end);
        }
    }

    private void Advance(DateTimeOffset? next, DateTimeOffset end)
    {
        if (_running.TryPeek(out _, out var done) && (next is null || done <= next))
        {
            _now = done;
            Finish(_running.Dequeue());
        }
        else
        {
            Assert.True(next is null || next > _now, "the next decision is not later");
            _now = next ?? end;
        }

        Ended.AddRange(_held.Where(one => one.Value.Life.NotAfter <= _now).Select(static one => one.Key.ToString()));
    }

    private void Finish(WantedCertificate certificate)
    {
        var down = _now.Day == 1;
        if (down || _random.Next(50) == 0)
        {
            Failed++;
            _state = _state.Fell(certificate.Id, new AcmeError(down ? AcmeErrorKind.Unreachable : AcmeErrorKind.ChallengeFailed, "no"), _policy, _now);
            return;
        }

        Succeeded++;
        _state = _state.Succeeded(certificate.Id);
        _held[certificate.Secrets[0]] = new HeldCertificate(new Life(_now, _now.AddDays(90)), certificate.Hosts.Hosts);
    }
}
