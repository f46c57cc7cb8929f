using System.Globalization;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Explanation;

/// <summary>What a test asks for, for people.</summary>
internal static class TestWords
{
    public static string Of(RequestTest test)
    {
        var no = test.IsNegated ? "no " : "";
        return test.Part switch
        {
            RequestPart.Share => string.Create(CultureInfo.InvariantCulture, $"{(test.Total > 0 ? 100.0 * (test.To - test.From) / test.Total : 0):0.##} % of requests"),
            RequestPart.Method => $"{no}method {Values(test)}",
            RequestPart.Path => $"{no}path {Values(test)}",
            RequestPart.Source => $"{no}address in {Values(test)}",
            RequestPart.Cookie => $"{no}cookie {test.Name}{Rest(test)}",
            _ => $"{no}header {test.Name}{Rest(test)}",
        };
    }

    private static string Rest(RequestTest test) => test.Match == TextMatch.Present ? "" : $" {Values(test)}";

    private static string Values(RequestTest test)
    {
        var how = test.Match switch
        {
            TextMatch.Begin => "that begins with ",
            TextMatch.Pattern => "that matches ",
            _ => "",
        };
        return how + string.Join(" or ", test.Values);
    }
}
