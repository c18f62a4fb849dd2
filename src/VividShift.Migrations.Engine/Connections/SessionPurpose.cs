namespace VividShift.Migrations.Engine.Connections;

/// <summary>What a session may do.</summary>
internal enum SessionPurpose
{
    /// <summary>Look only: the server itself refuses every write.</summary>
    ReadOnly,

    /// <summary>Change things.</summary>
    Write,
}
