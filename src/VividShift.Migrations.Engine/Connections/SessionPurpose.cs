namespace VividShift.Migrations.Engine.Connections;

/// <summary>What a session is for.</summary>
internal enum SessionPurpose
{
    /// <summary>Look only: the server itself refuses every write.</summary>
    ReadOnly,

    /// <summary>Run the users' statements, and write where their triggers are: their settings hold.</summary>
    Write,

    /// <summary>Run statements of ours that write: make, rename, fill and drop databases. No limit that is meant for queries holds.</summary>
    Maintain,
}
