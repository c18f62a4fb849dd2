using System.Reflection;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>Where the build left things.</summary>
static class BuildFacts
{
    public static string Of(string key) => typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
