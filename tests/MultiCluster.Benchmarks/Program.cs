using MultiCluster.Benchmarks;

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(15));
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    var options = BenchOptions.Parse(args);
    await Console.Out.WriteLineAsync((await Catalogue.RunAsync(options, stop.Token)).ToString());
    return 0;
}
catch (BenchException failure)
{
    await Console.Error.WriteLineAsync($"error: {failure.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("error: stopped before the end");
    return 1;
}
