using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>What HAProxy does not take, what others left in it, and what it has no place for: the rest goes on.</summary>
public sealed class RefusalTests
{
    private static readonly Route Cart = Make.Route(Make.Prefix("a.example", ""), "cart");

    [Fact]
    public void What_HAProxy_keeps_refusing_is_left_alone_until_it_changes()
    {
        var proxy = new Bench(Make.Slots) { Refuse = static command => command.Line.StartsWith("commit", StringComparison.Ordinal) };
        proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        var refused = Assert.Single(proxy.Reconciler.Refused);
        Assert.Equal(SubjectKind.Certificate, refused.Subject.Kind);
        Assert.Contains("No.", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(refused, Assert.Single(proxy.Reconciler.TakeNewRefusals()));
        Assert.Equal(3, proxy.Refusals);

        // Others go on, and a new certificate is a new chance.
        Assert.NotEmpty(proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1"))));
        Assert.Equal(3, proxy.Refusals);
        proxy.Refuse = static _ => false;
        proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c2"))));
        Assert.Single(proxy.Simulator.Observe().ListedCertificates);
        Assert.Empty(proxy.Reconciler.Refused);
    }

    [Fact]
    public void What_stays_refused_is_told_once_and_shown_as_long_as_it_is_so()
    {
        var proxy = new Bench(Make.Slots) { Refuse = static command => command.Line.StartsWith("commit", StringComparison.Ordinal) };
        proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        Assert.Single(proxy.Reconciler.TakeNewRefusals());
        Assert.Single(proxy.Reconciler.RefusedCertificates);
        proxy.Verify();
        Assert.Equal(6, proxy.Refusals);
        Assert.Empty(proxy.Reconciler.TakeNewRefusals());
        Assert.Single(proxy.Reconciler.Refused);

        proxy.Refuse = static _ => false;
        proxy.Verify();
        Assert.Empty(proxy.Reconciler.Refused);
        Assert.Empty(proxy.Reconciler.RefusedCertificates);
    }

    [Theory]
    [InlineData("2.6")]
    [InlineData("3.2")]
    public void A_certificate_change_that_was_left_open_is_aborted_before_a_certificate_is_given(string version)
    {
        var proxy = new Bench(Make.Features(version), writesIntoOpenTransaction: version == "2.6");
        var theirs = Make.Paths.Full("certs/theirs.pem");
        proxy.Simulator.Execute(new RuntimeCommand($"new ssl cert {theirs}", null, ReplyRule.CertificateChanged));
        proxy.Simulator.Execute(new RuntimeCommand($"set ssl cert {theirs}", Make.Pem, ReplyRule.CertificateChanged));
        Assert.Equal(["abort ssl cert certs/theirs.pem", "del ssl cert certs/theirs.pem"], proxy.Verify());
        proxy.Simulator.Execute(new RuntimeCommand($"set ssl cert {Make.Paths.Full("certs/default.pem")}", Make.Pem, ReplyRule.CertificateChanged));
        Assert.Empty(proxy.Verify());
        var lines = proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        Assert.Equal("abort ssl cert certs/default.pem", lines[0]);
        Assert.Single(proxy.Simulator.Observe().ListedCertificates);
        Assert.Empty(proxy.Reconciler.Refused);
    }

    [Theory]
    [InlineData("2.6")]
    [InlineData("3.2")]
    public void A_change_that_is_begun_unseen_is_found_by_its_refusal(string version)
    {
        var proxy = new Bench(Make.Features(version), writesIntoOpenTransaction: version == "2.6");
        var theirs = Make.Paths.Full("certs/theirs.pem");
        proxy.Simulator.Execute(new RuntimeCommand($"new ssl cert {theirs}", null, ReplyRule.CertificateChanged));
        proxy.Simulator.Execute(new RuntimeCommand($"set ssl cert {theirs}", Make.Pem, ReplyRule.CertificateChanged));
        proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        Assert.Single(proxy.Simulator.Observe().ListedCertificates);
        Assert.Empty(proxy.Reconciler.Refused);
    }

    [Fact]
    public void A_certificate_that_fails_half_way_does_not_hold_up_the_others()
    {
        var proxy = new Bench(Make.NewerSlots) { Refuse = static command => command.Line.StartsWith("commit ssl cert", StringComparison.Ordinal) && command.Line.Contains("certs/bad", StringComparison.Ordinal) };
        proxy.Apply(Make.Certificates(("a.example", Make.Certificate("bad")), ("b.example", Make.Certificate("c1")), ("c.example", Make.Certificate("c2"))));
        Assert.Equal(2, proxy.Simulator.Observe().ListedCertificates.Count);
        Assert.StartsWith("certs/bad", Assert.Single(proxy.Reconciler.Refused).Subject.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_with_a_foreign_key_is_deleted_by_its_number()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        proxy.Simulator.AddByHand(MapName.Routes, "we\"ird/x", "slot-0||by/hand");
        Assert.Matches("^del map maps/routes.map #0x[0-9a-f]+$", Assert.Single(proxy.Verify()));
        Assert.Single(proxy.Simulator.Map(MapName.Routes));
    }

    [Fact]
    public void A_subject_that_cannot_be_sent_gets_none_of_its_commands_and_is_named()
    {
        var proxy = new Bench(Make.Slots) { CanSend = static command => !command.Line.StartsWith("set ssl cert", StringComparison.Ordinal) };
        Assert.Empty(proxy.Apply(Make.Certificates(("a.example", Make.Certificate("c1")))));
        Assert.Equal("too long", Assert.Single(proxy.Reconciler.Refused).Reason);
        Assert.Single(proxy.Reconciler.TakeNewRefusals());
        Assert.NotEmpty(proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1"))));
        Assert.Single(proxy.Reconciler.Refused);
        Assert.Empty(proxy.Simulator.Observe().LoadedCertificates);
    }

    [Fact]
    public void Backends_in_slots_that_the_running_HAProxy_lacks_need_a_reload_and_the_others_go_on()
    {
        var proxy = new Bench(Make.Slots, slots: 1);
        proxy.Apply(Make.Delta([Cart], Make.Fragment("cart", "10.0.0.1")));
        proxy.Apply(Make.Delta([Make.Route(Make.Prefix("b.example", ""), "tea")], Make.Fragment("tea", "10.0.0.2")));
        Assert.True(proxy.Reconciler.NeedsPool);
        proxy.Reconciler.GrowPool();

        // The reload fails: HAProxy is as it was.
        proxy.Run();
        proxy.Verify();
        Assert.True(proxy.Reconciler.NeedsPool);
        Assert.Contains("add server slot-0/aws:pod:10.0.0.9:8080 10.0.0.9:8080", proxy.Apply(Make.Delta([], Make.Fragment("cart", "10.0.0.9"))));

        proxy.Simulator.Load(proxy.Render());
        proxy.Verify();
        Assert.False(proxy.Reconciler.NeedsPool);
        Assert.Equal(2, proxy.Simulator.Map(MapName.Routes).Count);
    }

    [Fact]
    public void More_slots_than_we_knew_are_used()
    {
        var proxy = new Bench(Make.Slots, slots: 1);
        proxy.Apply(Make.Delta([Cart, Make.Route(Make.Prefix("b.example", ""), "tea")], Make.Fragment("cart", "10.0.0.1"), Make.Fragment("tea", "10.0.0.2")));
        Assert.True(proxy.Reconciler.NeedsPool);
        var larger = Make.Desired(Make.Slots, slots: 3);
        proxy.Simulator.Load(proxy.Render(larger));
        proxy.Verify();
        Assert.False(proxy.Reconciler.NeedsPool);
        Assert.Equal(2, proxy.Simulator.Backends.Values.Count(static backend => backend.Servers.Count > 0));
    }

    [Fact]
    public void Certificates_wait_for_a_HAProxy_that_takes_some()
    {
        var reconciler = new Reconciler(Make.Desired(Make.Slots), new Planner(new Commands(Make.Paths), Make.Slots));
        reconciler.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        reconciler.Adopt(new ActualData { TakesCertificates = false });
        Assert.True(reconciler.Next().IsEmpty);
        reconciler.Adopt(new ActualData());
        Assert.False(reconciler.Next().IsEmpty);
    }
}
