using MultiCluster.Federation.BackendPolicies;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.BackendPolicies;

public sealed class BlueGreenReaderTests
{
    private const string Prefix = "haproxy-ingress.github.io/";

    [Theory]
    [InlineData("balance=group=blue=1,group=green=4", "group:blue=1 group:green=4")]
    [InlineData("balance= group = blue = 0 , app.kubernetes.io/version=v1.2_x=256 ", "group:blue=0 app.kubernetes.io/version:v1.2_x=256")]
    [InlineData("deploy=group=blue=1", "group:blue=1")]
    [InlineData("deploy=group=blue=1;balance=group=green=2", "group:green=2")]
    [InlineData("balance=group=blue=1;mode=pod", "group:blue=1 of pods")]
    [InlineData("balance=group=blue=1;mode=deploy", "group:blue=1")]
    [InlineData("mode=pod", "")]
    [InlineData("header=X-Group:group", "x-group names group")]
    [InlineData("cookie=Group:example.org/group", "cookie Group names example.org/group")]
    [InlineData("header=X-Group:group;cookie=g:group;balance=group=blue=1", "group:blue=1 x-group names group cookie g names group")]
    public void What_is_written_is_read(string written, string read) => Assert.Equal((read, ""), Read(written));

    [Theory]
    [InlineData("balance=group=blue=300,group=green=-1", "group:blue=256 group:green=0", "weight counts as 256|weight counts as 0")]
    [InlineData("balance=group=blue", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=group=blue=1,", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=group=blue=1=2", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=group==1", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=group=blue=1.5", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=group=blue=99999999999", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=group=bl|ue=1", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=gr~oup=blue=1", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=a/b/group=blue=1", "", "LABEL=VALUE=WEIGHT")]
    [InlineData("balance=group=blü=1", "", "balance")]
    [InlineData("balance=group=blue=1,group=blue=2", "", "two weights for group=blue")]
    [InlineData("balance=group=blue=1;mode=both", "group:blue=1", "mode")]
    [InlineData("header=X-Group", "", "NAME:LABEL")]
    [InlineData("header=X Group:group", "", "NAME:LABEL")]
    [InlineData("header=X*Group:group", "", "NAME:LABEL")]
    [InlineData("cookie=:group", "", "NAME:LABEL")]
    [InlineData("cookie=a:b:c", "", "NAME:LABEL")]
    [InlineData("cookie=a:-b", "", "NAME:LABEL")]
    [InlineData("header=X-Group:group;cookie=g:version", "", "write one label in both")]
    public void What_is_wrong_costs_itself_and_is_told(string written, string read, string problems)
    {
        var (policy, told) = Read(written);
        Assert.Equal(read, policy);
        Assert.All(problems.Split('|'), problem => Assert.Contains(problem, told, StringComparison.Ordinal));
    }

    [Fact]
    public void There_are_no_more_groups_than_a_proxy_takes() =>
        Assert.Contains("at most 16", Read([$"balance={string.Join(',', Enumerable.Range(0, 17).Select(static i => $"group=g{i}=1"))}"]).Problems, StringComparison.Ordinal);

    [Fact]
    public void A_member_whose_pods_are_not_read_is_told_and_serves()
    {
        var ingress = Make.Ingress(Make.Rule("shop.example", Make.Path("/", "shop"))).With((Prefix + "blue-green-balance", "group=blue=1"), (Prefix + "blue-green-header", "x-g:version"));
        var fragment = Make.Merge(ingress.CopyIn(Make.Aws) with { PodLabels = ["group", "version"] }, ingress.CopyIn(Make.Gcp) with { PodLabels = ["group"] });
        Assert.Null(fragment.ConditionOf(ConditionType.PartiallyInvalid, Make.Aws));
        var told = fragment.ConditionOf(ConditionType.PartiallyInvalid, Make.Gcp)!;
        Assert.Equal(Reasons.UnsupportedAnnotation, told.Reason);
        Assert.Contains("label version of pods", told.Message, StringComparison.Ordinal);
        Assert.Contains("endpoints.pod-labels", told.Message, StringComparison.Ordinal);
        Assert.Equal([Make.Aws, Make.Gcp], Assert.Single(fragment.Routes).Members);
    }

    private static (string Policy, string Problems) Read(string written) => Read(written.Split(';'));

    private static (string Policy, string Problems) Read(string[] written)
    {
        var annotations = EquatableMap.From(written.Select(static line => KeyValuePair.Create($"{Prefix}blue-green-{line[..line.IndexOf('=', StringComparison.Ordinal)]}", line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..])));
        var reading = BackendPolicyReader.Read(annotations, EquatableMap.Empty);
        return (Text(reading.Policy.BlueGreen), string.Join(' ', reading.Problems));
    }

    private static string Text(BlueGreen? groups)
    {
        if (groups is null)
            return "";
        var words = groups.Groups.Select(static group => $"{group.Label.Key}:{group.Label.Value}={group.Weight}").ToList();
        if (groups.IsOfPods)
            words.Add("of pods");
        if (groups.ChosenByHeader.Length > 0)
            words.Add($"{groups.ChosenByHeader} names {groups.ChosenLabel}");
        if (groups.ChosenByCookie.Length > 0)
            words.Add($"cookie {groups.ChosenByCookie} names {groups.ChosenLabel}");
        return string.Join(' ', words);
    }
}
