namespace VividShift.Migrations.Authoring;

/// <summary>A value that a template asks for.</summary>
/// <param name="Name">Its name, as <c>-Property</c> takes it; case does not matter.</param>
/// <param name="Default">What it is when it is not given; null when it must be given.</param>
public sealed record TemplateProperty(string Name, string? Default)
{
    /// <inheritdoc/>
    public override string ToString() => Default is null ? Name : $"{Name} ({(Default.Length == 0 ? "empty" : Default)})";
}
