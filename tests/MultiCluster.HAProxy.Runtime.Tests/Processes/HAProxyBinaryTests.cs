using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;
using HAProxyBinary = MultiCluster.HAProxy.Runtime.Processes.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Processes;

public sealed class HAProxyBinaryTests
{
    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task A_binary_tells_its_version_and_features(TestKit.HAProxyVersions.HAProxyBinary binary)
    {
        var inspected = await InspectAsync(binary.Path);
        Assert.True(inspected.IsOk, inspected.Error);
        Assert.Equal(binary.FullVersion, inspected.Value.Version.Text);
        Assert.True(inspected.Value is { HasTls: true, HasLua: true, HasPcre2: true, MaxThreads: > 0 });
    }

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Recorded_descriptions_are_read(string version)
    {
        var binary = HAProxyBinary.Parse("haproxy", Recorded.Reply(version, "vv")).Value!;
        Assert.StartsWith(version, $"{binary.Version.Major}.{binary.Version.Minor}", StringComparison.Ordinal);
        Assert.True(binary is { HasTls: true, HasLua: true, HasPcre2: true });
        Assert.Equal(version == "2.6" ? 64 : version == "3.0" ? 256 : 1024, binary.MaxThreads);
    }

    [Fact]
    public async Task A_missing_binary_is_told_with_the_fix()
    {
        Assert.Contains("apt-get install haproxy", (await InspectAsync("/nowhere/haproxy")).Error, StringComparison.Ordinal);
        Assert.Contains("no-such-haproxy can't be run", (await InspectAsync("no-such-haproxy")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_usable_HAProxy_is_refused_by_name()
    {
        using var directory = new ScratchDirectory();
        var file = directory.Write("plain", "text");
        Assert.Contains($"{file} can't be run", (await InspectAsync(file)).Error, StringComparison.Ordinal);
        var script = directory.WriteScript("nonsense", "echo I am nginx");
        Assert.Contains("prints \"I am nginx\"", (await InspectAsync(script)).Error, StringComparison.Ordinal);
        var old = directory.WriteScript("old", "echo 'HA-Proxy version 2.2.9-2+deb11u6 2023/12/02 - https://haproxy.org/'");
        Assert.Contains("is HAProxy 2.2.9-2+deb11u6, 2.6 or later is needed", (await InspectAsync(old)).Error, StringComparison.Ordinal);
        var bare = directory.WriteScript("bare", "echo 'HAProxy version 3.2.0 2025/05/28'; echo 'Feature list : +EPOLL -OPENSSL +LUA'");
        Assert.Contains("without TLS", (await InspectAsync(bare)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.6.12-1+deb12u4", 2, 6, 12)]
    [InlineData("3.4.7-1", 3, 4, 7)]
    [InlineData("3.5-dev3-6019f6-289", 3, 5, 0)]
    [InlineData("3.10.0", 3, 10, 0)]
    public void Versions_are_read(string text, int major, int minor, int patch)
    {
        Assert.True(HAProxyVersion.TryParse(text, out var version));
        Assert.Equal((major, minor, patch), (version.Major, version.Minor, version.Patch));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("x.y")]
    [InlineData("-1.2")]
    public void Other_texts_are_no_versions(string text) => Assert.False(HAProxyVersion.TryParse(text, out _));

    [Fact]
    public void Versions_are_ordered_by_number()
    {
        Assert.True(HAProxyVersion.TryParse("3.10.0", out var later) & HAProxyVersion.TryParse("3.9.5", out var earlier));
        Assert.True(later > earlier && later.IsAtLeast(3, 10) && !earlier.IsAtLeast(3, 10));
    }

    private static Task<Outcome<HAProxyBinary>> InspectAsync(string path) =>
        HAProxyBinary.InspectAsync(path, TimeProvider.System, CancellationToken.None);
}
