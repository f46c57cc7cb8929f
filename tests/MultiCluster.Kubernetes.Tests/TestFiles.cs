namespace MultiCluster.Kubernetes.Tests;

/// <summary>Small files of tests, read and written where they stand.</summary>
internal static class TestFiles
{
    public static string Read(string path) => File.ReadAllText(path);

    public static void Write(string path, string text) => File.WriteAllText(path, text);

    /// <summary>A program of the shell; written beside and moved, since a program that is open for writing can't be started.</summary>
    public static void WriteScript(string path, string body)
    {
        File.WriteAllText(path + ".new", $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(path + ".new", path, overwrite: true);
    }
}
