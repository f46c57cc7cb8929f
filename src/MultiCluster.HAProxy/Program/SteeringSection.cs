using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What only requests of steered routes come to: the choice of a group, which is a backend.
/// <para>
/// A draw of four digits is looked up by its beginning, so a group's share does not depend on its number of endpoints. If HAProxy knows
/// the group to be dead, others are drawn, then the ring of preference is followed. The route's value is changed in the end to that of
/// a plain route to the group, <c>backend||namespace/ingress</c>.
/// </para>
/// <para>
/// Flags: <c>a7d01e6c2</c>, a session that is bound to a group stays there while it lives, by cookies with that name; <c>s200</c>, with more than 200 requests under way for
/// each of its live endpoints a group gives further ones to the next in the ring, unless all are full. What a <c>*</c> begins is for
/// <see cref="NamedPodsSection"/>.
/// </para>
/// </summary>
internal static class SteeringSection
{
    private const int Redraws = 2;

    private const int Hops = 6;

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append("""
                # The rest is for steered routes: which group takes the request.
                tcp-request content accept if !steered
                tcp-request content set-var(txn.steer) var(txn.route),field(1,|)
                tcp-request content set-var(txn.flags) var(txn.route),field(2,|)
                tcp-request content set-var(txn.ingress) var(txn.route),field(3,|)
                acl binds var(txn.flags) -m beg a
                acl limited var(txn.flags) -m sub s
                acl alive var(txn.group),nbsrv gt 0

            """);
        NamedPodsSection.Append(text, paths);
        Bound(text, paths);
        Draw(text, paths);
        Spill(text, paths);
        text.Append(CultureInfo.InvariantCulture, $"""
                tcp-request content set-var(txn.token) var(txn.steer),concat(/,txn.group),map_str({paths.Full(ProgramPaths.TokenMap)}) if binds
                tcp-request content set-var(txn.route) var(txn.group),concat(||,txn.ingress)

            """);
    }

    /// <summary>
    /// What a client says it is bound to is only looked up, after the name of the route's own choice. The name of the cookie is data, and
    /// HAProxy finds cookies by fixed names only: an expression finds the one that bears the name before the first ';'. Without one it
    /// leaves the text as it is, with the ';' that no value has.
    /// </summary>
    private static void Bound(StringBuilder text, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            tcp-request content set-var(txn.session) var(txn.flags),field(1,s),bytes(1) if binds
            tcp-request content set-var-fmt(txn.cookies) '%[var(txn.session)];; %[req.fhdr(cookie)];' if binds
            tcp-request content set-var(txn.token) {{Cookie(ProgramRenderer.GroupCookie)}} if binds
            tcp-request content set-var(txn.endpoint) {{Cookie(ProgramRenderer.ServerCookie)}} if binds
            tcp-request content set-var(txn.group) var(txn.steer),concat(/,txn.token),map_str({{paths.Full(ProgramPaths.BoundMap)}}) if binds !{ var(txn.token) -m sub ; }
            tcp-request content unset-var(txn.token) if binds
            tcp-request content track-sc0 var(txn.group) table {{ProgramRenderer.LoadBackend}} if binds limited alive
            tcp-request content set-var(txn.route) var(txn.group),concat(||,txn.ingress) if binds alive
            tcp-request content accept if !steered

        """);

    private static string Cookie(string name) => $"""'var(txn.cookies),regsub("^([0-9a-f]+);.*; ?{name}-\1=([0-9a-f]+);.*",\2)'""";

    private static void Draw(StringBuilder text, ProgramPaths paths)
    {
        const string Number = "tcp-request content set-var(txn.draw) rand(10000),add(10000)";
        var chosen = $"tcp-request content set-var(txn.group) var(txn.steer),concat(/,txn.draw),map_beg({paths.Full(ProgramPaths.ShareMap)})";
        text.Append(CultureInfo.InvariantCulture, $"""
                {Number}
                {chosen}
                tcp-request content set-var(txn.route) var(txn.group),concat(||,txn.ingress) if alive !binds !limited
                tcp-request content accept if !steered

            """);
        for (var i = 0; i < Redraws; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {Number} if !alive\n    {chosen} if !alive\n");
        for (var i = 0; i < Hops; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {Next(paths)} if !alive\n");
    }

    /// <summary>A dead group has no room, so that none is spilled to.</summary>
    private static void Spill(StringBuilder text, ProgramPaths paths)
    {
        const string Room = "tcp-request content set-var(txn.room) var(txn.group),nbsrv,mul(txn.limit)";
        text.Append(CultureInfo.InvariantCulture, $"""
                tcp-request content set-var(txn.limit) var(txn.flags),field(2,s),add(0) if limited
                {Room} if limited
                acl full var(txn.group),table_conn_cur({ProgramRenderer.LoadBackend}),sub(txn.room) ge 0
                tcp-request content set-var(txn.first) var(txn.group) if limited full
                acl spills var(txn.first) -m found

            """);
        for (var i = 0; i < Hops; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {Next(paths)} if spills full\n    {Room} if spills\n");
        text.Append(CultureInfo.InvariantCulture, $"""
                tcp-request content set-var(txn.group) var(txn.first) if spills full
                tcp-request content track-sc0 var(txn.group) table {ProgramRenderer.LoadBackend} if limited

            """);
    }

    private static string Next(ProgramPaths paths) =>
        $"tcp-request content set-var(txn.group) var(txn.steer),concat(/,txn.group),map_str({paths.Full(ProgramPaths.NextMap)})";
}
