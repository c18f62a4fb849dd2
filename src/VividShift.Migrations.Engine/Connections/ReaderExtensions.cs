using System.Data;
using Npgsql;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>Columns by their name that may be null; for the others System.Data has methods.</summary>
static class ReaderExtensions
{
    internal static string? GetStringOrNull(this NpgsqlDataReader row, string column) => row.IsDBNull(column) ? null : row.GetString(column);

    internal static long? GetInt64OrNull(this NpgsqlDataReader row, string column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    internal static double? GetDoubleOrNull(this NpgsqlDataReader row, string column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    internal static bool? GetBooleanOrNull(this NpgsqlDataReader row, string column) => row.IsDBNull(column) ? null : row.GetBoolean(column);

    internal static DateTimeOffset GetTime(this NpgsqlDataReader row, string column) => new(row.GetDateTime(column));

    internal static DateTimeOffset? GetTimeOrNull(this NpgsqlDataReader row, string column) => row.IsDBNull(column) ? null : row.GetTime(column);
}
