using System.Net.Http.Json;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>What the admin API says of members, as operators ask it.</summary>
internal static class MemberAdmin
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public static async Task<MemberDetailView> MemberAsync(this Product product, string member) =>
        (await Http.GetFromJsonAsync(Url(product, AdminPaths.Member(member)), AdminJson.Default.MemberDetailView))!;

    public static async Task<IReadOnlyList<BackendView>> BackendsAsync(this Product product, string service) =>
        (await Http.GetFromJsonAsync(Url(product, AdminPaths.BackendsOf(service)), AdminJson.Default.IReadOnlyListBackendView))!;

    /// <summary>Until HAProxy serves what is known of the members, also when some of them can't be read: what an orchestrator asks for.</summary>
    public static Task UntilReadyAsync(this Product product) => Await.NothingMissingAsync(async () =>
    {
        try
        {
            using var answer = await Http.GetAsync(Url(product, AdminPaths.Ready));
            return answer.IsSuccessStatusCode ? null : $"readiness: {await answer.Content.ReadAsStringAsync()}";
        }
        catch (TaskCanceledException late)
        {
            return $"readiness: {late.Message}";
        }
    });

    /// <summary>Until what is said of the member fits.</summary>
    public static async Task<MemberDetailView> UntilMemberAsync(this Product product, string member, Func<MemberDetailView, bool> fits, string what)
    {
        MemberDetailView? view = null;
        await Await.NothingMissingAsync(async () =>
        {
            view = await product.MemberAsync(member);
            return fits(view) ? null : $"member {member}: {what}; it is {view}, problems {string.Join("; ", view.Member.Problems)}, held {string.Join("; ", view.Held)}";
        });
        return view!;
    }

    /// <summary>mcctl, of which success is expected.</summary>
    public static async Task<Printed> McctlAsync(this Product product, params string[] args)
    {
        var printed = await Mcctl.RunAsync(product.Setting.AdminListen, CancellationToken.None, args);
        Assert.True(printed.Code == 0, $"mcctl {string.Join(' ', args)}: {printed}");
        return printed;
    }

    private static Uri Url(Product product, string path) => new($"http://{product.Setting.AdminListen}{path}");
}
