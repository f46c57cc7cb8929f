using MultiCluster.Federation.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <param name="Policy">Of what could be read.</param>
/// <param name="Problems">Each is of one annotation, which does not count.</param>
public sealed record BackendPolicyReading(BackendPolicy Policy, EquatableArray<PolicyProblem> Problems);
