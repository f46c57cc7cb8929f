using MultiCluster.Actors;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>The tree of actors as the admin API shows it.</summary>
public static class ActorViews
{
    /// <param name="path">Of the actor to begin with; null for the root.</param>
    /// <param name="depth">Levels below it; null for all.</param>
    public static AdminAnswer<ActorView> Of(ActorSystem system, string? path, int? depth)
    {
        var root = system.Hierarchy();
        if (depth < 0)
            return Problems.BadRequest("Wrong depth", $"depth is {depth}, but must be 0 or more");
        if (path is null)
            return Of(root, depth);
        var (nearest, missing) = Walk(root, path);
        return missing is null
            ? Of(nearest, depth)
            : Problems.NotFound("Actor not found", $"there is no actor {path}: {nearest.Path} has no child {missing}; \"mcctl actor hierarchy {nearest.Path} --depth 1\" shows those it has");
    }

    /// <returns>The last actor on the way that there is, and the name that it has no child of; null at the end of the way.</returns>
    private static (ActorNode Nearest, string? Missing) Walk(ActorNode root, string path)
    {
        var names = path.Trim('/').Split('/');
        if (names[0] != root.Path.Name)
            return (root, names[0]);
        var at = root;
        foreach (var name in names.Skip(1))
        {
            if (at.Children.FirstOrDefault(child => string.Equals(child.Path.Name, name, StringComparison.Ordinal)) is not { } child)
                return (at, name);
            at = child;
        }
        return (at, null);
    }

    private static ActorView Of(ActorNode node, int? depth)
    {
        var isCut = depth == 0;
        return new ActorView(
            node.Path.ToString(),
            node.Path.Name,
            node.Type,
            node.State.ToString(),
            node.MailboxDepth,
            node.Restarts,
            node.Fault,
            isCut ? node.Flatten().Count() - 1 : 0,
            isCut ? [] : [.. node.Children.Select(child => Of(child, depth - 1))]);
    }
}
