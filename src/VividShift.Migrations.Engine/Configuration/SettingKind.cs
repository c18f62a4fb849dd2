namespace VividShift.Migrations.Engine.Configuration;

/// <summary>What a setting holds.</summary>
internal enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>One text or several.</summary>
    Texts,

    /// <summary>One of a few words, in any case.</summary>
    Choice,

    /// <summary>A text that must never be shown.</summary>
    Secret,

    /// <summary>A connection in one text; shown without its password.</summary>
    Connection,

    /// <summary>A TCP port.</summary>
    Port,

    /// <summary>A whole number from 0.</summary>
    Number,

    /// <summary>One whole number from 0 or several.</summary>
    Numbers,

    /// <summary>Whole seconds from 0.</summary>
    Seconds,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A file, relative to the file that names it.</summary>
    File,

    /// <summary>A folder, relative to the file that names it.</summary>
    Folder,

    /// <summary>One folder or several.</summary>
    Folders,
}
