using System.Reflection;
using System.Runtime.CompilerServices;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.PowerShell.Tests.Reporting;

/// <summary>Makes an object of any of the module's types in which every text, at any depth, is hostile.</summary>
/// <param name="variant">Which value of each enumeration, whether flags are set and whether what may be missing is there.</param>
sealed class HostileObject(int variant)
{
    const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>How many variants it takes for each value of each enumeration to come up, with what may be missing there and not.</summary>
    public const int Variants = 12;

    // Each is missing in one variant of three, and no two of an object always together.
    int _optional;

    public object Of(Type type)
    {
        if (type == typeof(string))
        {
            return HostileText.Text;
        }

        if (type == typeof(bool))
        {
            return variant % 2 == 0;
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(variant % values.Length)!;
        }

        if (type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type))
        {
            return Items(type.GetGenericArguments()[0]);
        }

        return Known(type) ?? Made(type);
    }

    static object? Known(Type type) => type switch
    {
        _ when type == typeof(int) => 7,
        _ when type == typeof(long) => 8L,
        _ when type == typeof(double) => 0.5,
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(3),
        _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch,
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>([1]),
        _ when type == typeof(Checksum) => Checksum.Of([1]),
        _ when type == typeof(IgnoredCharacters) => IgnoredCharacters.None,
        _ when type == typeof(SqlScript) => SqlScript.Parse($"SELECT $x${HostileText.Text}$x$;"),
        _ when type == typeof(FileInfo) => new FileInfo("/srv/0001_" + HostileText.Text + ".up.sql"),
        _ => null,
    };

    Array Items(Type type)
    {
        var items = Array.CreateInstance(type, 1 + (variant % 2));
        for (var i = 0; i < items.Length; i++)
        {
            items.SetValue(Of(type), i);
        }

        return items;
    }

    // The constructor with the most parameters, then whatever can still be set; "required" binds compilers only.
    object Made(Type type)
    {
        Assert.True(type.Assembly == typeof(Finding).Assembly, $"Say in {nameof(HostileObject)} what a hostile {type} is.");
        var constructor = type.GetConstructors(Members)
            .Where(candidate => candidate.GetParameters() is not [var only] || only.ParameterType != type)
            .MaxBy(candidate => candidate.GetParameters().Length)!;
        var made = constructor.Invoke(
            [.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, parameter.HasDefaultValue))]);
        foreach (var property in type.GetProperties(Members).Where(property => property.CanWrite))
        {
            var required = property.IsDefined(typeof(RequiredMemberAttribute))
                || Array.Exists(constructor.GetParameters(), p => p.Name == property.Name);
            property.SetValue(made, Value(property.PropertyType, optional: !required && IsNullable(property)));
        }

        return made;
    }

    object? Value(Type type, bool optional)
    {
        var inner = Nullable.GetUnderlyingType(type);
        return (optional || inner is not null) && (variant + _optional++) % 3 == 2 ? null : Of(inner ?? type);
    }

    static bool IsNullable(PropertyInfo property) => new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
}
