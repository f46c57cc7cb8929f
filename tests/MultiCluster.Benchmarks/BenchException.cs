namespace MultiCluster.Benchmarks;

/// <summary>A run that can't give a figure, with what was missing.</summary>
internal sealed class BenchException(string message) : Exception(message);
