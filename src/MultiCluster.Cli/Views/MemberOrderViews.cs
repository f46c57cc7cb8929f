using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Views;

/// <summary>What came of orders for a member.</summary>
internal static class MemberOrderViews
{
    public static void Cordoned(MemberOrderView order, Terminal terminal)
    {
        terminal.Line(new Cell($"Member {order.Member} gets no new sessions (state {order.State})."));
        terminal.Remark($"mcctl member undrain {order.Member} takes it back.");
    }

    public static void Undrained(MemberOrderView order, Terminal terminal)
    {
        if (order.State == MemberViews.Active)
            terminal.Line(new Cell($"Member {order.Member} gets new sessions (state {order.State}).", Tone.Good));
        else
            terminal.Line(new Cell($"Nothing is ordered for member {order.Member} any more, but its state is {order.State}: its registration says so (state in the configuration, or spec.state of the MemberCluster).", Tone.Warning));
    }

    public static void Disabled(MemberOrderView order, Terminal terminal)
    {
        terminal.Line(new Cell($"Member {order.Member} gets no traffic (state {order.State})."));
        terminal.Remark($"mcctl member undrain {order.Member} takes it back.");
    }

    public static void Removed(MemberOrderView order, Terminal terminal)
    {
        if (order.Removed)
            terminal.Line(new Cell($"Member {order.Member} is removed."));
        else
            terminal.Line(new Cell($"Member {order.Member} drains (state {order.State}), then it is removed; mcctl member show {order.Member} tells when."));
    }

    public static void Approved(MemberOrderView order, Terminal terminal)
    {
        if (order.Released.Count == 0)
        {
            terminal.Line(new Cell($"Nothing is held back of member {order.Member}."));
            return;
        }

        terminal.Line(new Cell($"Released of member {order.Member}:", Tone.Heading));
        foreach (var released in order.Released)
            terminal.Line(new Cell($"  {released}"));
    }
}
