using System.Text;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Decoding;

public sealed class WatchAndListDecodingTests
{
    private readonly ResourceDecoder _decoder = new();

    [Theory]
    [InlineData("ADDED", WatchEventType.Added)]
    [InlineData("MODIFIED", WatchEventType.Modified)]
    [InlineData("DELETED", WatchEventType.Deleted)]
    public void Event_carries_object_key_and_version(string type, WatchEventType expected)
    {
        var read = Event($$"""{"type":"{{type}}","object":{{Samples.Slice}}}""");
        Assert.Equal((expected, "99", "cart-abcde"), (read.Type, read.ResourceVersion, read.Key.Name));
        Assert.IsType<EndpointSliceResource>(read.Resource);
    }

    [Fact]
    public void Event_may_name_its_type_last() =>
        Assert.Equal(WatchEventType.Deleted, Event($$"""{"object":{{Samples.Slice}},"type":"DELETED"}""").Type);

    [Fact]
    public void Bookmark_gives_a_version_only()
    {
        var read = Event("""{"type":"BOOKMARK","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"123","creationTimestamp":null}}}""");
        Assert.Equal((WatchEventType.Bookmark, "123", null), (read.Type, read.ResourceVersion, read.Problem));
    }

    [Fact]
    public void Error_gives_the_status()
    {
        var read = Event("""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too old resource version: 1 (2)","reason":"Expired","code":410}}""");
        Assert.Equal(new ApiStatus(410, "Expired", "too old resource version: 1 (2)", null), read.Status);
    }

    [Fact]
    public void Event_of_an_object_without_name_still_gives_its_version()
    {
        var read = Event("""{"type":"ADDED","object":{"metadata":{"resourceVersion":"5"}}}""");
        Assert.Equal(("5", "metadata.name is missing", null), (read.ResourceVersion, read.Problem, read.Resource));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"PATCHED","object":{}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{""")]
    public void What_is_no_event_is_unreadable(string line)
    {
        var read = Event(line);
        Assert.Equal(WatchEventType.Unreadable, read.Type);
        Assert.NotEmpty(read.Problem!);
    }

    [Fact]
    public void Page_gives_items_version_and_continue()
    {
        var page = List($$$"""{"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"10","continue":"abc","remainingItemCount":3},"items":[{{{Samples.Slice}}},{"metadata":{}}]}""", out _);
        Assert.Equal(("10", "abc"), (page!.ResourceVersion, page.Continue));
        Assert.Equal("cart-abcde", Assert.Single(page.Items).Key.Name);
        Assert.Equal("metadata.name is missing", Assert.Single(page.Problems));
    }

    [Fact]
    public void Null_items_are_an_empty_list() =>
        Assert.Empty(List("""{"kind":"EndpointSliceList","metadata":{"resourceVersion":"10"},"items":null}""", out _)!.Items);

    [Theory]
    [InlineData("{}", "expected kind EndpointSliceList, found \"\"")]
    [InlineData("""{"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":[]}""", "expected kind EndpointSliceList, found \"ServiceList\"")]
    [InlineData("""{"kind":"EndpointSliceList","metadata":{},"items":[]}""", "the EndpointSliceList has no metadata.resourceVersion")]
    [InlineData("""{"kind":"EndpointSliceList","metadata":{"resourceVersion":"1"}}""", "the EndpointSliceList has no items")]
    [InlineData("""{"kind":"EndpointSliceList","metadata":{"resourceVersion":"1"},"items":{}}""", "the EndpointSliceList has no items")]
    [InlineData("""{"kind":"EndpointSliceList","metadata":{"resourceVersion":"1"},"items":[""", "not JSON, or cut short, at line 1, byte 72")]
    public void What_is_no_list_is_no_empty_list(string json, string error)
    {
        Assert.Null(List(json, out var found));
        Assert.Equal(error, found);
    }

    private WatchEvent Event(string line) => _decoder.DecodeWatchEvent(ResourceKind.EndpointSlice, Encoding.UTF8.GetBytes(line));

    private ListPage? List(string json, out string? error) => _decoder.DecodeList(ResourceKind.EndpointSlice, Encoding.UTF8.GetBytes(json), out error);
}
