namespace VividShift.Migrations.Engine.Backups;

/// <summary>Who does it, and where.</summary>
static class Person
{
    /// <summary><c>anna@laptop</c>.</summary>
    public static string Here => $"{Environment.UserName}@{Environment.MachineName}";
}
