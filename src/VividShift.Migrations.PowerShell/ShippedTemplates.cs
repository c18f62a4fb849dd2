using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.PowerShell;

/// <summary>The templates that lie beside the module.</summary>
static class ShippedTemplates
{
    /// <summary>They, behind other folders.</summary>
    public static TemplateFolders With(IReadOnlyList<string> folders) =>
        new([.. folders, Path.Combine(Path.GetDirectoryName(typeof(ShippedTemplates).Assembly.Location)!, "templates")]);
}
