using Microsoft.Extensions.Logging.Abstractions;
using MultiCluster.Actors;
using MultiCluster.Controller.Admin;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Members;

namespace MultiCluster.Controller.Tests.Admin;

/// <summary>What mcctl member list is told, on a clock that runs: a question's deadline is what is tested.</summary>
public sealed class MemberQueriesTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private const string Silence = "its watcher does not answer";
    private const string Other = "gcp: a problem of its own";

    private readonly ManualResetEventSlim _speaks = new(initialState: true);
    private readonly ManualResetEventSlim _isAsked = new();
    private readonly ControllerSystem _controller;

    public MemberQueriesTests() => _controller = ControllerSystem.Start(
        new ControllerOptions(
            [new MemberRegistration(Make.Aws, new ScriptedSource(), SilentProblems, null), new MemberRegistration(Make.Gcp, new ScriptedSource(), static () => ["a problem of its own"], null)],
            new ClassOptions(),
            TimeSpan.FromSeconds(30),
            [],
            Proxy: null,
            new ScriptedResolver(),
            ClusterSetup.Alone()),
        NullLoggerFactory.Instance,
        TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _speaks.Set();
        await _controller.DisposeAsync();
        _speaks.Dispose();
        _isAsked.Dispose();
    }

    [Fact]
    public async Task A_watcher_that_does_not_answer_in_time_is_a_row_with_a_problem_and_costs_the_others_nothing()
    {
        await UntilListedAsync("aws: ", Other);

        // It is silent for as long as the test wants, so that however often it is asked the list has to be this.
        _speaks.Reset();
        _isAsked.Reset();
        await UntilListedAsync($"aws: {Silence}", Other);
        Assert.True(_isAsked.IsSet, "the watcher was not asked");

        _speaks.Set();
        await UntilListedAsync("aws: ", Other);
    }

    /// <summary>As a watcher that hangs: its actor takes no further message.</summary>
    private IReadOnlyList<string> SilentProblems()
    {
        _isAsked.Set();
        _speaks.Wait();
        return [];
    }

    private async Task UntilListedAsync(params string[] wanted)
    {
        var queries = new MemberQueries(_controller);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var rows = await ListAsync(queries);
            if (rows.SequenceEqual(wanted))
                return;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, $"the list is {string.Join("; ", rows)}");
            await Task.Yield();
        }
    }

    /// <summary>Each with the beginning of its problem.</summary>
    private static async Task<IReadOnlyList<string>> ListAsync(MemberQueries queries)
    {
        try
        {
            return [.. (await queries.ListAsync(CancellationToken.None)).Select(static view => $"{view.Member.Name}: {string.Join(", ", view.Member.Problems).Split(':')[0]}")];
        }
        catch (AskTimeoutException late)
        {
            // The controller is still starting, or the machine is busy. Were it for the silent watcher, it would stay so.
            return [late.Message];
        }
    }
}
