namespace MultiCluster.Model.Policies;

/// <summary>Requests are sent to a URL besides, and what it answers is ignored.</summary>
/// <param name="Target">
/// http or https, absolute, with a host of its own; behind it may stand <c>{scheme}</c>, <c>{host}</c> with its port, <c>{name}</c> without it,
/// <c>{path}</c>, <c>{uri}</c> with the query, and <c>{escaped}</c>, which is that as a parameter's value.
/// </param>
/// <param name="Host">That it is asked for; null: the URL's.</param>
/// <param name="Body">With the request's body, where that is short.</param>
public sealed record Mirror(string Target, string? Host, bool Body);
