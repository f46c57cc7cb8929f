using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Support;

/// <summary>A reconciler and a simulated HAProxy; gives the lines that were sent, without the parts that never differ.</summary>
internal sealed class Bench
{
    private readonly StartFileRenderer _renderer;

    public Bench(ProxyFeatures features, int slots = 4, bool writesIntoOpenTransaction = false)
    {
        Simulator = new ProxySimulator(features) { WritesIntoOpenTransaction = writesIntoOpenTransaction };
        Reconciler = new Reconciler(Make.Desired(features, slots), new Planner(new Commands(Make.Paths), features));
        _renderer = new StartFileRenderer(new ProgramOptions { Binds = [new BindOptions("*:80", false)], PoolSize = 0, PolicyPoolSize = slots }, Make.Paths, features, Make.Pem);
        Simulator.Load(Render());
        Reconciler.Adopt(Simulator.Observe());
    }

    public ProxySimulator Simulator { get; }

    public Reconciler Reconciler { get; }

    public Func<RuntimeCommand, bool> Refuse { get; set; } = static _ => false;

    public Func<RuntimeCommand, bool> CanSend { get; set; } = static _ => true;

    public int Refusals { get; private set; }

    public StartFile Render() => Render(Reconciler.Desired);

    public StartFile Render(DesiredData desired) => _renderer.Render(desired);

    public List<string> Apply(RoutingDelta delta)
    {
        Reconciler.Apply(delta);
        return Run();
    }

    /// <summary>Looks at the whole, as now and then.</summary>
    public List<string> Verify()
    {
        Reconciler.Forgive();
        Reconciler.Adopt(Simulator.Observe());
        return Run();
    }

    /// <summary>Until nothing is left to do now; what HAProxy refuses for now is not tried again.</summary>
    public List<string> Run()
    {
        var lines = new List<string>();
        for (var plan = Reconciler.Next(); !plan.IsEmpty; plan = Reconciler.Next())
        {
            var unsendable = plan.Commands.Where(planned => !CanSend(planned.Command)).Select(static planned => planned.Subject).ToHashSet();
            var replies = plan.Commands.Select(planned => unsendable.Contains(planned.Subject) ? null : Send(planned.Command)).ToList();
            lines.AddRange(plan.Commands.Where(planned => !unsendable.Contains(planned.Subject)).Select(static planned => planned.Command.Line
                .Replace($"{Make.Paths.Root}/", "", StringComparison.Ordinal)
                .Replace($" {Commands.ServerParameters}", "", StringComparison.Ordinal)));
            var notSent = unsendable.Select(static subject => new RefusedSubject(subject, "too long")).ToList();
            if (!Reconciler.Settle(plan, replies, notSent).Doubts.IsEmpty)
                Reconciler.Adopt(Simulator.Observe());
        }

        return lines;
    }

    private string Send(RuntimeCommand command)
    {
        if (!Refuse(command))
            return Simulator.Execute(command);
        Refusals++;
        return "No.";
    }
}
