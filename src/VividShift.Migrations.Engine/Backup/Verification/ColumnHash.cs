namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>How a value of a column becomes 64 bits that depend on nothing but the value.</summary>
/// <param name="Name">The column, quoted where needed.</param>
/// <param name="Type">Its type as PostgreSQL's catalogue calls it, or the one that its domain stands on: <c>int8</c>, <c>_text</c>.</param>
/// <param name="NotNull">True when the server lets no null in; to ask for one in each row costs a seventh of the time.</param>
internal sealed record ColumnHash(string Name, string Type, bool NotNull = false)
{
    /// <summary>The name of the method; it changes when a value's hash does.</summary>
    public const string Method = "sum-of-rows-xor-of-columns-1";

    /// <summary>An expression of type bigint that is never null.</summary>
    public string Expression(int salt) => NotNull ? Call(salt) : FormattableString.Invariant($"coalesce({Call(salt)}, {salt})");

    // The functions of the hash operator classes, which PostgreSQL keeps stable for the sake of hash partitions. They are called by name
    // and column by column, as that is twice as fast as hash_record_extended and exists since PostgreSQL 11. What has none that is made of
    // the value alone goes as text: enums and reg types hash an object id that a restored database does not share, intervals think a month
    // equal to 30 days, dates and booleans borrow those of other types, and of an extension's types nothing is known.
    string Call(int salt) => Type switch
    {
        "int2" => Of("hashint2extended", salt),
        "int4" => Of("hashint4extended", salt),
        "int8" => Of("hashint8extended", salt),
        "float4" => Of("hashfloat4extended", salt),
        "float8" => Of("hashfloat8extended", salt),
        "numeric" => Of("hash_numeric_extended", salt),
        "oid" => Of("hashoidextended", salt),
        "uuid" => Of("uuid_hash_extended", salt),
        "timestamp" => Of("timestamp_hash_extended", salt),
        // As a timestamp of UTC. A cast, and a zone by name, look for rules of summer time in each row: an interval has none.
        "timestamptz" => FormattableString.Invariant($"timestamp_hash_extended(timezone('0'::interval, {Name}), {salt})"),
        "jsonb" => Of("jsonb_hash_extended", salt),
        "inet" or "cidr" => Of("hashinetextended", salt),
        "macaddr" => Of("hashmacaddrextended", salt),
        "bool" => Of("hashint4extended", salt, "::integer"),
        "text" or "varchar" => Of("hashtextextended", salt, " COLLATE \"C\""),
        // Its function takes what no SQL can name; within an array the server calls it.
        "bytea" => FormattableString.Invariant($"CASE WHEN {Name} IS NOT NULL THEN hash_array_extended(ARRAY[{Name}], {salt}) END"),
        _ => Of("hashtextextended", salt, "::text COLLATE \"C\""),
    };

    string Of(string function, int salt, string cast = "") => FormattableString.Invariant($"{function}({Name}{cast}, {salt})");
}
