using System.Reflection;
using MultiCluster.EndToEnd.Tests.Federation;
using MultiCluster.EndToEnd.Tests.Settings;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Settings;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>What the catalogue says of a key is shown on this machine: cases that it can't ask don't count.</summary>
[Collection(PolicyDefinition.Name)]
public sealed class KeyCoverageTests(PolicyWorlds worlds)
{
    private static readonly IReadOnlyList<ShowsAttribute> Tests = [.. typeof(KeyCoverageTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods()).SelectMany(static method => method.GetCustomAttributes<ShowsAttribute>())];

    private IEnumerable<string> Cases => HAProxyBinaries.List.SelectMany(worlds.CasesOf).SelectMany(static item => item.Keys);

    [Fact]
    public void Every_supported_key_has_a_case() => Assert.Empty(Keys(AnnotationStatus.Supported).Except(Shown(), StringComparer.Ordinal));

    /// <summary>The others are settings of proxies: for those it is one reload.</summary>
    [Fact]
    public void Every_supported_key_that_takes_no_reload_changes_under_load() => Assert.Empty(
        Keys(AnnotationStatus.Supported).Except(Reloads.Names, StringComparer.Ordinal).Except(
            [
                .. Cases, .. ServerCase.All.Where(ServerChangeTests.IsWhole).SelectMany(static item => item.Annotations).Select(static item => item.Name), .. OwnKeyTests.Keys,
                .. Tests.Where(static test => test.IsUnderLoad).SelectMany(static test => test.Names),
            ],
            StringComparer.Ordinal));

    /// <summary>Settings that only the configuration file has are told to be without effect.</summary>
    [Fact]
    public void Every_key_that_differs_has_a_case_unless_it_does_nothing() => Assert.Equal(
        KeyLists.NoEffect.Keys.Order(StringComparer.Ordinal),
        Keys(AnnotationStatus.Differs).Where(static name => AnnotationIndex.Find(name)!.Value.Entry.Places != AnnotationPlaces.Global || Reloads.Names.Contains(name))
            .Except(Shown(), StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void No_test_shows_a_key_that_is_not_known() =>
        Assert.DoesNotContain(Tests.SelectMany(static test => test.Names), static name => AnnotationIndex.Find(name) is not { Entry.Status: AnnotationStatus.Supported or AnnotationStatus.Differs });

    private IEnumerable<string> Shown() =>
    [
        .. Cases, .. ServerCase.All.SelectMany(static item => item.Annotations).Select(static item => item.Name), .. OwnKeyTests.Keys, .. SettingsTests.Names, .. Tests.SelectMany(static test => test.Names),
    ];

    private static IEnumerable<string> Keys(AnnotationStatus status) =>
        from family in AnnotationIndex.Families
        from entry in family.Entries
        where entry.Status == status
        select family.Prefix + entry.Key;
}
