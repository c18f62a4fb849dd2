namespace VividShift.Migrations.Databases;

/// <summary>Where a database is, without any secret: the only thing about a connection that leaves the engine.</summary>
/// <param name="Host">Host name, address, or the folder of a Unix socket.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Database">Database name.</param>
/// <param name="UserName">The role that signs in; null when the server decides.</param>
public sealed record DatabaseTarget(string Host, int Port, string Database, string? UserName)
{
    /// <summary><c>shop@db.internal:5432</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Database}@{Host}:{Port}");
}
