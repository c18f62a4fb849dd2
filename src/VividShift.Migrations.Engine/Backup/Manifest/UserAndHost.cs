namespace VividShift.Migrations.Engine.Backup.Manifest;

/// <summary>Who does it, and where.</summary>
static class UserAndHost
{
    /// <summary><c>anna@laptop</c>.</summary>
    public static string Current => $"{Environment.UserName}@{Environment.MachineName}";
}
