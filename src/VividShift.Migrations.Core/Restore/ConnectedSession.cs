using System.Globalization;

namespace VividShift.Migrations.Restore;

/// <summary>A session on the database that is to be replaced.</summary>
/// <param name="ProcessId">The process id of its back end; 0 for a prepared transaction, which no session holds.</param>
/// <param name="Role">The role that signed in; null for a worker of the server.</param>
/// <param name="Application">What it calls itself; empty when it does not, or when this role may not see it.</param>
/// <param name="Client">The address it comes from; null for a local socket.</param>
/// <param name="Since">Since when it has been connected; null when this role may not see it.</param>
/// <param name="State">active, idle, idle in transaction; null when this role may not see it.</param>
public sealed record ConnectedSession(int ProcessId, string? Role, string Application, string? Client, DateTimeOffset? Since, string? State)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var parts = new[]
        {
            ProcessId == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"pid {ProcessId}"),
            Role is null ? null : $"role {Role}",
            Application.Length == 0 ? null : Application,
            Client is null ? null : $"from {Client}",
            State,
            Since is { } since ? string.Create(CultureInfo.InvariantCulture, $"since {since:u}") : null,
        };
        return string.Join(", ", parts.OfType<string>());
    }
}
