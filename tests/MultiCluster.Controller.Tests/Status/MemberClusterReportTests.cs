using MultiCluster.Actors;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Status;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Status;

public sealed class MemberClusterReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MemberProtocol.MemberStatus Well = new(Make.Aws, "https://aws", Complete: true, [], [], 1, 1, 1, Now);

    [Fact]
    public void A_member_that_is_well_is_all_true()
    {
        var report = Of(Well);
        Assert.Equal(4, report.Generation);
        Assert.Equal(["Reachable=True/Reachable", "Synced=True/Synced", "CredentialsValid=True/Valid", "Stale=False/UpToDate"], report.Conditions.Select(Text));
        Assert.Equal(Now, report.LastSync);
    }

    [Fact]
    public void What_nobody_knows_yet_is_unknown()
    {
        var report = Of(Well with { Complete = false, LastEvent = null });
        Assert.Equal(["Reachable=Unknown/Pending", "Synced=False/Pending", "CredentialsValid=Unknown/Pending", "Stale=False/UpToDate"], report.Conditions.Select(Text));
        Assert.Null(report.LastSync);
    }

    [Fact]
    public void What_is_wrong_is_said_in_the_servers_words()
    {
        var report = Of(
            Well with { Stale = [new StaleKind(ResourceKind.Service, "401 Unauthorized")], Behind = TimeSpan.FromMinutes(20) }, "Unreachable", credentials: "the token was refused");
        Assert.Equal(["Reachable=False/Unreachable", "Synced=True/Synced", "CredentialsValid=False/Refused", "Stale=True/Unreachable"], report.Conditions.Select(Text));
        Assert.Contains("Service: 401 Unauthorized", report.Conditions[0].Message, StringComparison.Ordinal);
        Assert.Equal(Now - TimeSpan.FromMinutes(20), report.LastSync);
        var held = Of(Well with { Held = ["500 objects of kind Service"], Behind = TimeSpan.Zero }, "MassShrink");
        Assert.Contains("mcctl member approve aws", held.Conditions[3].Message, StringComparison.Ordinal);
    }

    /// <summary>The time of a member that is well moves each five minutes, of one that is not never: each move is a write.</summary>
    [Fact]
    public void The_time_of_the_last_sync_moves_in_steps()
    {
        var first = Of(Well);
        Assert.Equal(first, Of(Well, before: first, now: Now + TimeSpan.FromMinutes(4.9)));
        Assert.Equal(Now + TimeSpan.FromMinutes(5), Of(Well, before: first, now: Now + TimeSpan.FromMinutes(5)).LastSync);

        var behind = Of(Well with { Behind = TimeSpan.FromSeconds(30) }, "Unreachable", before: first, now: Now + TimeSpan.FromMinutes(2));
        var later = Of(Well with { Behind = TimeSpan.FromHours(9) }, "Unreachable", before: behind, now: Now + TimeSpan.FromHours(9) + TimeSpan.FromMinutes(1.5));
        Assert.Equal(behind, later);
    }

    [Fact]
    public async Task It_is_written_once_with_the_lease_and_a_missing_right_is_said_once()
    {
        await using var test = new DeterministicSystem();
        var (sink, log) = (new FakeSink { Answer = new SinkResult(SinkOutcome.Forbidden, "403; grant patch on memberclusters/status") }, new WarningLog());
        var members = new MemberRegistry(
        [
            new MemberRegistration(Make.Aws, new ScriptedSource(), static () => [], null) { HomeObject = new HomeObject("aws", 4) },
            new MemberRegistration(StatusMake.Home, new ScriptedSource(), static () => [], null) { MemberClusters = sink },
        ]);
        var settings = new ReportSettings(members, log);
        var writer = test.ActorOf(Props.Create(() => new MemberStatusWriter(settings)));
        var permit = StatusMake.Owned(test);
        writer.Tell(new StatusProtocol.MemberSeen(Make.Aws, Of(Well), permit));
        test.Advance(TimeSpan.FromMinutes(5));
        Assert.InRange(sink.Members.Count, 3, 6);
        Assert.Single(log.Lines);
        Assert.Contains("grant patch", Assert.Single(members.Writes.Of(StatusMake.Home)), StringComparison.Ordinal);

        sink.Answer = SinkResult.Done;
        test.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(members.Writes.Of(StatusMake.Home));
        var written = sink.Members.Count;
        Assert.Equal(("aws", Of(Well)), sink.Members[^1]);
        permit.Gate.Close();
        writer.Tell(new StatusProtocol.MemberSeen(Make.Aws, Of(Well, "Unreachable"), permit));
        test.Advance(TimeSpan.FromMinutes(5));
        // Who has stopped watching changes nothing.
        writer.Tell(new StatusProtocol.MemberReleased(Make.Aws, permit));
        permit.Gate.Own([(3, 7)]);
        permit.Gate.OpenUntil(long.MaxValue);
        test.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(written, sink.Members.Count);
    }

    private static MemberClusterReport Of(
        MemberProtocol.MemberStatus status, string? stale = null, string? credentials = null, MemberClusterReport? before = null, DateTimeOffset? now = null) =>
        MemberClusterReport.Of(status with { CredentialProblem = credentials }, stale, 4, before, now ?? Now);

    private static string Text(StatusStatement item) => $"{item.Type}={(item.Status is { } known ? known.ToString() : "Unknown")}/{item.Reason}";
}
