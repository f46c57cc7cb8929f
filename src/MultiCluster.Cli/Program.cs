using MultiCluster.Cli;

return await CommandFactory.RunAsync(args, CliContext.OfProcess());
