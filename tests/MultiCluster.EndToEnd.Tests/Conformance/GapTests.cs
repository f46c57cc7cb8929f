using System.Net;
using System.Net.WebSockets;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Conformance;

/// <summary>What the upstream suite leaves out. Each test has a namespace and hosts of its own.</summary>
[Collection(WorldsDefinition.Name)]
public sealed class GapTests(Worlds worlds)
{
    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task ImplementationSpecific_matches_as_Prefix(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("impl", "impl");
        await world.ApplyToAllAsync(Yaml.Ingress("impl", "impl", "impl.test", [Yaml.Path("/a", "ImplementationSpecific", "impl")]));

        await world.Product.UntilServiceAsync("http://impl.test/a", "impl");
        await world.Product.UntilServiceAsync("http://impl.test/a/b", "impl");
        await world.Product.UntilStatusAsync("http://impl.test/ab", 404);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task A_rule_with_a_host_comes_before_one_without(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("hostless", "any-host");
        await world.AddServiceAsync("hostless", "one-host");
        await world.ApplyToAllAsync(Yaml.Join(
            Yaml.Ingress("hostless", "any", null, [Yaml.Path("/hostless/deep", "Prefix", "any-host")]),
            Yaml.Ingress("hostless", "one", "one.hostless.test", [Yaml.Path("/hostless", "Prefix", "one-host")])));

        await world.Product.UntilServiceAsync("http://one.hostless.test/hostless/deep", "one-host");
        await world.Product.UntilServiceAsync("http://other.hostless.test/hostless/deep", "any-host");
        await world.Product.UntilStatusAsync("http://other.hostless.test/hostless", 404);
        await world.Aws.DeleteAsync(ResourcePath.Ingresses, "hostless", "any");
        await world.Gcp.DeleteAsync(ResourcePath.Ingresses, "hostless", "any");
        await world.Product.UntilStatusAsync("http://other.hostless.test/hostless/deep", 404);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task Two_Ingresses_share_a_host(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("share-a", "left");
        await world.AddServiceAsync("share-b", "right");
        await world.ApplyToAllAsync(Yaml.Join(
            Yaml.Ingress("share-a", "left", "share.test", [Yaml.Path("/left", "Prefix", "left")]),
            Yaml.Ingress("share-b", "right", "share.test", [Yaml.Path("/right", "Prefix", "right")])));

        await world.Product.UntilServiceAsync("http://share.test/left", "left");
        await world.Product.UntilServiceAsync("http://share.test/right", "right");
        await world.Product.UntilStatusAsync("http://share.test/", 404);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task Missing_Service_answers_503_and_missing_Secret_the_default_certificate(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("missing", "present");
        await world.ApplyToAllAsync(Yaml.Join(
            Yaml.Ingress("missing", "service", "service.missing.test", [Yaml.Path("/", "Prefix", "absent")]),
            Yaml.Ingress(
                "missing", "secret", "secret.missing.test", [Yaml.Path("/", "Prefix", "present")], tls: Yaml.Tls("absent", "secret.missing.test")),
            Yaml.Ingress("missing", "port", "port.missing.test", [Yaml.Path("/", "Prefix", "present", "name: absent")])));

        await world.Product.UntilStatusAsync("http://service.missing.test/", 503);
        await world.Product.UntilStatusAsync("http://port.missing.test/", 503);
        var answer = await world.Product.UntilServiceAsync("https://secret.missing.test/", "present");
        Assert.Equal("CN=MultiCluster default certificate", answer.Leaf!.Subject);
        var service = await world.Product.UntilConditionAsync("missing", "service", "aws", "ResolvedRefs", "ServiceNotFound");
        Assert.Contains("missing/absent", service.Message, StringComparison.Ordinal);
        await world.Product.UntilConditionAsync("missing", "port", "gcp", "ResolvedRefs", "ServicePortNotFound");
        await world.Product.UntilConditionAsync("missing", "secret", "aws", "ResolvedRefs", "SecretNotFound");

        // What was missing comes, and goes live.
        await world.AddServiceAsync("missing", "absent");
        await world.ApplyToAllAsync(Yaml.TlsSecret("missing", "absent", "secret.missing.test"));
        await world.Product.UntilServiceAsync("http://service.missing.test/", "absent");
        await world.Product.UntilAsync(
            "https://secret.missing.test/", static now => now.Leaf!.Subject == "CN=secret.missing.test", "the Secret's certificate");
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task A_resource_backend_is_refused_and_the_rest_served(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("resource", "plain");
        const string bucket =
            "      - path: /bucket\n        pathType: Prefix\n        backend: {resource: {apiGroup: storage.test, kind: Bucket, name: static}}\n";
        await world.Aws.ApplyAsync(Yaml.Ingress("resource", "mixed", "resource.test", [bucket, Yaml.Path("/plain", "Prefix", "plain")]));

        await world.Product.UntilServiceAsync("http://resource.test/plain", "plain");
        await world.Product.UntilStatusAsync("http://resource.test/bucket", 404);
        await world.Product.UntilConditionAsync("resource", "mixed", "aws", "PartiallyInvalid", "UnsupportedBackend");
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task An_Ingress_without_class_is_ours_only_where_our_class_is_the_default(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("classless", "classless");
        await world.Aws.ApplyAsync(Yaml.Ingress("classless", "here", "here.classless.test", [Yaml.Path("/", "Prefix", "classless")], className: null));
        await world.Gcp.ApplyAsync(Yaml.Ingress("classless", "there", "there.classless.test", [Yaml.Path("/", "Prefix", "classless")], className: null));

        await world.Product.UntilServiceAsync("http://here.classless.test/", "classless");
        await world.Product.UntilConditionAsync("classless", "there", "gcp", "Accepted", "NotOurClass");
        await world.Product.UntilStatusAsync("http://there.classless.test/", 404);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task An_update_moves_a_route_and_a_delete_takes_it_away(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("update", "before");
        await world.AddServiceAsync("update", "after");
        string Route(string path, string service) => Yaml.Ingress("update", "moving", "update.test", [Yaml.Path(path, "Prefix", service)]);
        await world.ApplyToAllAsync(Route("/old", "before"));
        await world.Product.UntilServiceAsync("http://update.test/old", "before");

        await world.ApplyToAllAsync(Route("/old", "after"));
        await world.Product.UntilServiceAsync("http://update.test/old", "after");
        await world.ApplyToAllAsync(Route("/new", "after"));
        await world.Product.UntilServiceAsync("http://update.test/new", "after");
        await world.Product.UntilStatusAsync("http://update.test/old", 404);

        foreach (var member in world.Members)
            await member.DeleteAsync(ResourcePath.Ingresses, "update", "moving");
        await world.Product.UntilStatusAsync("http://update.test/new", 404);
        await Await.TrueAsync(async () => await world.Product.IngressAsync("update", "moving") is null, "the deleted Ingress to be forgotten");
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task Endpoints_come_and_go_and_none_is_a_503(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        var pods = world.Pods.New(3, "aws", "endpoints", "web");
        string Slice(params Pod[] now) => Yaml.Slice("endpoints", "web", world.Pods.Port, now);
        await world.Aws.ApplyAsync(Yaml.Join(
            Yaml.Service("endpoints", "web"), Slice(), Yaml.Ingress("endpoints", "web", "endpoints.test", [Yaml.Path("/", "Prefix", "web")])));
        await world.Product.UntilStatusAsync("http://endpoints.test/", 503);

        await world.Aws.ApplyAsync(Slice(pods[0], pods[1]));
        await world.Product.UntilPodsAsync("http://endpoints.test/", [pods[0], pods[1]]);
        await world.Aws.ApplyAsync(Yaml.Slice("endpoints", "web", world.Pods.Port, [pods[2]], suffix: "2"));
        await world.Product.UntilPodsAsync("http://endpoints.test/", pods);
        await world.Aws.ApplyAsync(Slice(pods[1]));
        await world.Product.UntilPodsAsync("http://endpoints.test/", [pods[1], pods[2]]);
        await world.Aws.ApplyAsync(Yaml.Slice("endpoints", "web", world.Pods.Port, [pods[2]], suffix: "2", ready: false));
        await world.Product.UntilPodsAsync("http://endpoints.test/", [pods[1]]);
        await world.Aws.DeleteAsync(ResourcePath.EndpointSlices, "endpoints", "web-1");
        await world.Product.UntilStatusAsync("http://endpoints.test/", 503);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task A_port_name_means_each_slices_own_port(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        var first = world.Pods.New("aws", "ports", "web");
        var second = world.Pods.New("aws", "ports", "web");
        await world.Aws.ApplyAsync(Yaml.Join(
            Yaml.Service("ports", "web"),
            Yaml.Slice("ports", "web", world.Pods.Port, [first]),
            Yaml.Slice("ports", "web", world.Pods.OtherPort, [second], suffix: "2"),
            Yaml.Ingress("ports", "web", "ports.test", [Yaml.Path("/", "Prefix", "web", "name: http")])));

        var seen = await world.Product.UntilPodsAsync("http://ports.test/", [first, second]);
        Assert.All(seen, echo => Assert.Equal(echo.Pod == first.Name ? world.Pods.Port : world.Pods.OtherPort, echo.Port));
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task An_ExternalName_leads_to_the_addresses_of_its_name(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await using var outside = await OutsideServer.StartAsync();
        await world.Aws.ApplyAsync(Yaml.Join(
            Yaml.ExternalName("external", "outside", "localhost", outside.Port),
            Yaml.Ingress("external", "outside", "external.test", [Yaml.Path("/", "Prefix", "outside", "name: http")])));

        var answer = await world.Product.UntilStatusAsync("http://external.test/", 200);
        Assert.Equal("outside", answer.Body);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task TLS_certificates_follow_the_name_asked_for(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("sni", "web");
        await world.Aws.ApplyAsync(Yaml.Join(
            Yaml.TlsSecret("sni", "exact", "one.sni.test"),
            Yaml.TlsSecret("sni", "wildcard", "*.sni.test"),
            Yaml.Ingress("sni", "exact", "one.sni.test", [Yaml.Path("/", "Prefix", "web")], tls: Yaml.Tls("exact", "one.sni.test")),
            Yaml.Ingress("sni", "wildcard", "*.sni.test", [Yaml.Path("/", "Prefix", "web")], tls: Yaml.Tls("wildcard", "*.sni.test")),
            Yaml.Ingress("sni", "plain", "plain.test", [Yaml.Path("/", "Prefix", "web")])));

        foreach (var (host, subject) in new[]
        {
            ("one.sni.test", "CN=one.sni.test"),
            ("two.sni.test", "CN=*.sni.test"),
            ("plain.test", "CN=MultiCluster default certificate"),
        })
        {
            await world.Product.UntilAsync($"https://{host}/", now => now.Leaf!.Subject == subject && now.Service == "web", subject);
        }

        // Renewed in place: the same Secret with another certificate.
        await world.Aws.ApplyAsync(Yaml.TlsSecret("sni", "exact", "renewed.sni.test", "one.sni.test"));
        await world.Product.UntilAsync("https://one.sni.test/", static now => now.Leaf!.Subject == "CN=renewed.sni.test", "the renewed certificate");

        // More than HAProxy's default buffer takes as one command.
        string[] many = ["many.sni.test", "one.sni.test", .. Enumerable.Range(0, 450).Select(static i => $"one-of-many-names-{i:D4}.sni.test")];
        await world.Aws.ApplyAsync(Yaml.TlsSecret("sni", "exact", many));
        await world.Product.UntilAsync("https://one.sni.test/", static now => now.Leaf!.Subject == "CN=many.sni.test", "the certificate of many names");
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task A_defaultBackend_beside_rules_takes_the_rest(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source, Content.DefaultBackend);
        await world.AddServiceAsync("rest", "ruled");
        await world.AddServiceAsync("rest", "rest");
        var ingress = Yaml.Ingress("rest", "rest", "rest.test", [Yaml.Path("/ruled", "Prefix", "ruled")])
            + "  defaultBackend:\n    service: {name: rest, port: {name: http}}\n";
        await world.ApplyToAllAsync(ingress);

        await world.Product.UntilServiceAsync("http://rest.test/ruled", "ruled");
        await world.Product.UntilServiceAsync("http://rest.test/other", "rest");
        await world.Product.UntilServiceAsync("http://unheard-of.test/", DefaultBackendObjects.Service);
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task A_status_address_goes_when_the_class_is_no_longer_ours(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("leaving", "web");
        string Ingress(string className) => Yaml.Ingress("leaving", "web", "leaving.test", [Yaml.Path("/", "Prefix", "web")], className);
        await world.ApplyToAllAsync(Ingress(Yaml.Class));
        await world.Product.UntilServiceAsync("http://leaving.test/", "web");
        foreach (var member in world.Members.OfType<ApiMember>())
            await Await.TrueAsync(() => member.StatusOf("leaving", "web").Contains(Setting.StatusAddress), "a status address");

        await world.ApplyToAllAsync(Yaml.IngressClass("foreign", "example.test/other"));
        await world.ApplyToAllAsync(Ingress("foreign"));

        await world.Product.UntilStatusAsync("http://leaving.test/", 404);
        foreach (var member in world.Members.OfType<ApiMember>())
            await Await.TrueAsync(() => member.StatusOf("leaving", "web").Count == 0, $"the status address cleared in {member.Name}");
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task A_WebSocket_goes_through(HAProxyBinary binary, Source source)
    {
        var world = await worlds.GetAsync(binary, source);
        await world.AddServiceAsync("socket", "web");
        await world.ApplyToAllAsync(Yaml.Ingress("socket", "web", "socket.test", [Yaml.Path("/", "Prefix", "web")]));
        await world.Product.UntilServiceAsync("http://socket.test/", "web");
        using var limit = new CancellationTokenSource(Await.Deadline);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", "socket.test");

        await socket.ConnectAsync(new Uri($"ws://{world.Product.Setting.Http}/chat"), limit.Token);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer, limit.Token);

        Assert.Equal("hello", System.Text.Encoding.ASCII.GetString(buffer, 0, received.Count));
    }

    [Theory]
    [MemberData(nameof(Worlds.All), MemberType = typeof(Worlds))]
    public async Task No_change_so_far_took_a_reload_or_was_refused(HAProxyBinary binary, Source source)
    {
        foreach (var content in Enum.GetValues<Content>())
        {
            var world = await worlds.GetAsync(binary, source, content);
            var proxy = await world.Product.ProxyAsync();
            Assert.Equal((0, 0L), (proxy.ReloadsByReason.Count, proxy.CommandsRefused));
        }
    }
}
