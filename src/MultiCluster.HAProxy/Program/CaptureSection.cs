using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What the access log tells of a route's requests besides, see <see cref="CaptureData"/>: the route's rule and the headers as they came, before
/// anything is refused or changed. Only where our own process takes the lines, which tells no more of the headers than the rule says.
/// </summary>
internal static class CaptureSection
{
    /// <summary>The last words of a line.</summary>
    public const string Words = "%[var(txn.captures)] %[var(txn.captured),base64]";

    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        if (options.LogReceiver is not { } receiver)
            return;
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.captures) {{PolicySection.Value(PolicyFlags.Capture, paths)}} if { {{PolicySection.Has(PolicyFlags.Capture)}} }
                http-request set-var(txn.captured) req.hdrs,bytes(0,{{LogSection.RoomOfCaptured(receiver)}}) if { var(txn.captures) -m found }

            """);
    }
}
