namespace VividShift.Migrations.Configuration;

/// <summary>A setting that applies, and where it came from. Secrets are masked before they get here.</summary>
/// <param name="Name">Name as in the configuration file, with colons: <c>migrations:path</c>.</param>
/// <param name="Value">The value; <c>********</c> for secrets.</param>
/// <param name="Source">Where it came from: a parameter, a variable, <c>file:line</c>, or "default".</param>
public sealed record ConfigurationSetting(string Name, string Value, string Source);
