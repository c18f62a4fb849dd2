namespace VividShift.Migrations.Testing;

/// <summary>Where tests put data folders: in memory where there is room, as initdb is slow on a busy disk.</summary>
public static class ClusterFolder
{
    // Docker gives a container 64 MB of it; a cluster takes 40 and each database 7.
    const long RoomWanted = 1L << 30;
    const string SharedMemory = "/dev/shm";

    /// <summary>The path of a folder that does not exist yet.</summary>
    public static string Next(string prefix) => Path.Combine(Parent(), prefix + Path.GetRandomFileName());

    static string Parent()
        => OperatingSystem.IsLinux() && Directory.Exists(SharedMemory) && new DriveInfo(SharedMemory).AvailableFreeSpace > RoomWanted
            ? SharedMemory
            : Path.GetTempPath();
}
