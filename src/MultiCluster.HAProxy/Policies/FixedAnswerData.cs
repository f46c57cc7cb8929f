using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Requests that the proxy answers itself.</summary>
internal static class FixedAnswerData
{
    public static void Write(PolicyWriter writer, RoutePolicy policy)
    {
        // Without it, requests would go to a backend that they are not meant for.
        if (policy.Answer is { } answer && !writer.Flag(PolicyFlags.Answer, PolicyWriter.Text(answer.Text), "the answer"))
            writer.Close();
    }
}
