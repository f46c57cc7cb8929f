using MultiCluster.HAProxy.Runtime.State;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.State;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private string Root => _scratch.File("state");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_directory_is_private_and_starts_without_a_generation()
    {
        using var state = Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Root));
        Assert.False(state.HasCurrent);
        Assert.Equal(Path.Combine(Root, "current/haproxy.cfg"), state.CurrentConfigPath);
    }

    [Fact]
    public async Task A_second_owner_is_refused_by_name_until_the_first_is_gone_even_by_SIGKILL()
    {
        await using var owner = await HelperProcess.StartAsync("lock", Root);
        var second = StateDirectory.Open(Root);
        Assert.Contains($"in use by process {owner.Pid}", second.Error, StringComparison.Ordinal);

        await owner.KillAsync();
        using var state = Open();
        Assert.Contains($"in use by process {Environment.ProcessId}", StateDirectory.Open(Root).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_publication_replaces_all_files_at_once_and_keeps_one_before()
    {
        using var state = Open();
        Publish(state, StartFile.Of("haproxy.cfg", "one"), StartFile.Of("maps/a.map", "a"));
        var held = new FileInfo(Path.Combine(Root, "current")).ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        Publish(state, StartFile.Of("haproxy.cfg", "two"));
        Assert.Equal("two", File.ReadAllText(state.CurrentConfigPath));
        Assert.False(File.Exists(state.InCurrent("maps/a.map")));
        Assert.Equal("one", File.ReadAllText(Path.Combine(held, "haproxy.cfg")));

        Publish(state, StartFile.Of("haproxy.cfg", "three"));
        Assert.False(Directory.Exists(held));
        Assert.Equal(["gen-2", "gen-3"], Generations());
    }

    [Fact]
    public void Secrets_are_readable_by_the_owner_only()
    {
        using var state = Open();
        Publish(state, StartFile.Of("haproxy.cfg", "c"), StartFile.Of("certs/a.pem", "k") with { IsSecret = true });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state.InCurrent("certs/a.pem")));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(state.CurrentConfigPath) & (UnixFileMode.OtherRead | UnixFileMode.GroupWrite));
    }

    [Fact]
    public void A_file_with_an_equal_stamp_is_taken_over_without_being_written()
    {
        using var state = Open();
        var written = 0;
        StartFile Counting(string stamp) => new("a.map", stream =>
        {
            written++;
            stream.Write("data"u8);
        }) { Stamp = stamp };

        Publish(state, Counting("v1"), StartFile.Of("haproxy.cfg", "one"));
        var second = Publish(state, Counting("v1"), StartFile.Of("haproxy.cfg", "two"));
        Assert.Equal((1, 1, 1), (written, second.Written, second.Linked));
        Assert.Equal("data", File.ReadAllText(state.InCurrent("a.map")));
        Publish(state, Counting("v1"));
        Publish(state, Counting("v2"));
        Assert.Equal((2, "data"), (written, File.ReadAllText(state.InCurrent("a.map"))));
    }

    [Fact]
    public void A_file_that_was_absent_in_between_is_written_again()
    {
        using var state = Open();
        var stamped = StartFile.Of("a.map", "data") with { Stamp = "v1" };
        Publish(state, stamped);
        Publish(state, StartFile.Of("haproxy.cfg", "x"));
        Assert.Equal(1, Publish(state, stamped).Written);
        Assert.Equal("data", File.ReadAllText(state.InCurrent("a.map")));
    }

    [Fact]
    public void A_staged_generation_changes_nothing_until_it_is_made_current()
    {
        using var state = Open();
        Publish(state, StartFile.Of("haproxy.cfg", "one"));
        var staged = state.Stage([StartFile.Of("haproxy.cfg", "two")]).Value!;
        Assert.Equal("one", File.ReadAllText(state.CurrentConfigPath));
        Assert.Equal("two", File.ReadAllText(Path.Combine(staged.Directory, "haproxy.cfg")));
        Assert.Null(state.MakeCurrent(staged.Generation));
        Assert.Equal("two", File.ReadAllText(state.CurrentConfigPath));

        var refused = state.Stage([StartFile.Of("haproxy.cfg", "three")]).Value!;
        state.Discard(refused.Generation);
        Assert.Equal(["gen-1", "gen-2"], Generations());
        state.Discard(staged.Generation);
        Assert.Equal("two", File.ReadAllText(state.CurrentConfigPath));
    }

    [Fact]
    public void One_can_step_back_and_forward_again()
    {
        using var state = Open();
        Publish(state, StartFile.Of("haproxy.cfg", "one"));
        Publish(state, StartFile.Of("haproxy.cfg", "two"));
        Assert.Equal([1], state.Earlier);
        Assert.Null(state.MakeCurrent(1));
        Assert.Equal("one", File.ReadAllText(state.CurrentConfigPath));
        Assert.Equal(["gen-1", "gen-2"], Generations());

        Publish(state, StartFile.Of("haproxy.cfg", "three"));
        Assert.Equal("three", File.ReadAllText(state.CurrentConfigPath));
        Assert.Equal(["gen-1", "gen-3"], Generations());
    }

    [Fact]
    public void What_HAProxy_last_started_from_is_kept_as_the_last_resort()
    {
        using (var state = Open())
        {
            Publish(state, StartFile.Of("haproxy.cfg", "proven"));
            state.MarkProven();
            for (var i = 0; i < 4; i++)
                Publish(state, StartFile.Of("haproxy.cfg", $"{i}"));
            Assert.Equal([4, 1], state.Earlier);
        }

        using var again = Open();
        Assert.Equal([4, 1], again.Earlier);
        again.MarkProven();
        Publish(again, StartFile.Of("haproxy.cfg", "more"));
        Assert.Equal([5], again.Earlier);
    }

    [Fact]
    public void After_a_step_back_nothing_is_taken_over_from_what_was_left()
    {
        using var state = Open();
        Publish(state, StartFile.Of("a.map", "old") with { Stamp = "v1" });
        Publish(state, StartFile.Of("a.map", "new") with { Stamp = "v2" });
        Assert.Null(state.MakeCurrent(1));
        Publish(state, StartFile.Of("a.map", "new") with { Stamp = "v2" });
        Assert.Equal("new", File.ReadAllText(state.InCurrent("a.map")));
    }

    [Fact]
    public void A_full_disk_does_not_keep_the_owner_out()
    {
        Open().Dispose();
        File.Delete(Path.Combine(Root, "owner"));
        File.CreateSymbolicLink(Path.Combine(Root, "owner"), "/dev/full");
        Open().Dispose();
    }

    [Fact]
    public void A_failing_disk_leaves_the_generation_before()
    {
        using var state = Open();
        Publish(state, StartFile.Of("haproxy.cfg", "one"));
        var failed = state.Publish([StartFile.Of("haproxy.cfg", "two"), new StartFile("a.map", _ => throw new IOException("No space left on device"))]);
        Assert.Contains("No space left on device", failed.Error, StringComparison.Ordinal);
        Assert.Equal("one", File.ReadAllText(state.CurrentConfigPath));
        Assert.Equal(["gen-1"], Generations());
    }

    [Fact]
    public void What_a_crash_left_is_removed_at_the_next_start()
    {
        using (var state = Open())
        {
            Publish(state, StartFile.Of("haproxy.cfg", "one"));
            Publish(state, StartFile.Of("haproxy.cfg", "two"));
        }

        // Crashed while writing the third generation, after making its link but before the swap.
        Directory.CreateDirectory(Path.Combine(Root, "gen-3"));
        File.WriteAllText(Path.Combine(Root, "gen-3/haproxy.cfg"), "thr");
        File.CreateSymbolicLink(Path.Combine(Root, "current.next"), "gen-3");

        using var again = Open();
        Assert.Equal(["gen-1", "gen-2"], Generations());
        Assert.Equal("two", File.ReadAllText(again.CurrentConfigPath));
        Publish(again, StartFile.Of("haproxy.cfg", "three"));
        Assert.Equal("three", File.ReadAllText(again.CurrentConfigPath));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("")]
    public void A_path_outside_the_generation_is_a_bug(string path)
    {
        using var state = Open();
        Assert.Throws<ArgumentException>(() => state.Publish([StartFile.Of(path, "x")]));
        Assert.Empty(Directory.EnumerateFiles(_scratch.Path));
        Assert.False(state.HasCurrent);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_an_error()
    {
        _scratch.Write("state", "a file");
        Assert.Contains(Root, StateDirectory.Open(Root).Error, StringComparison.Ordinal);
    }

    private StateDirectory Open()
    {
        var state = StateDirectory.Open(Root);
        Assert.True(state.IsOk, state.Error);
        return state.Value;
    }

    private static Publication Publish(StateDirectory state, params StartFile[] files)
    {
        var published = state.Publish(files);
        Assert.True(published.IsOk, published.Error);
        return published.Value;
    }

    private string[] Generations() => [.. Directory.EnumerateDirectories(Root, "gen-*").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
