using System.Collections.Frozen;

namespace VividShift.Migrations.Sql;

/// <summary>The key words that commands and relations are told by. Looks one up without making a string of it.</summary>
static class Keywords
{
    const int Longest = 16;

    static readonly string[] Known =
        """
        ABORT ACCESS ADD AGGREGATE ALL ALSO ALTER ANALYSE ANALYZE AND AS ATTACH AUTHORIZATION BEGIN BINARY BY CALL CASCADE CAST CHAIN
        CHECKPOINT CLASS CLOSE CLUSTER COLLATION COLUMN COMMENT COMMIT CONCURRENTLY CONFIGURATION CONFLICT CONSTRAINT CONSTRAINTS
        CONVERSION COPY CREATE CROSS CURSOR DATA DATABASE DEALLOCATE DECLARE DEFAULT DELETE DETACH DICTIONARY DISCARD DISTINCT DO
        DOMAIN DROP ELSE END EVENT EXCEPT EXECUTE EXISTS EXPLAIN EXTENSION FALSE FAMILY FETCH FINALIZE FOR FOREIGN FREEZE FROM FULL
        FUNCTION GLOBAL GRANT GROUP HAVING HOLD IF IMPORT IN INDEX INHERIT INHERITS INNER INSERT INSTEAD INTERSECT INTO IS JOIN KEY
        LANGUAGE LARGE LATERAL LEFT LIKE LIMIT LISTEN LOAD LOCAL LOCK LOOP MAPPING MATERIALIZED MERGE METHOD MOVE NATURAL NO NOT
        NOTIFY OBJECT OF OFF OFFSET ON ONLY OPERATOR OR ORDER OUTER OWNED PARAMETER PARSER PARTITION PLANS POLICY PREPARE PREPARED
        PRIVILEGES PROCEDURAL PROCEDURE PUBLICATION REASSIGN RECURSIVE REFERENCES REFRESH REINDEX RELEASE REPLACE RESET RETURNING REVOKE
        RIGHT ROLE ROLLBACK ROUTINE ROWS RULE SAVEPOINT SCHEMA SEARCH SECURITY SELECT SEQUENCE SEQUENCES SERVER SESSION SET SHOW START
        STATISTICS STDIN STDOUT SUBSCRIPTION SYSTEM TABLE TABLES TABLESPACE TEMP TEMPLATE TEMPORARY TEXT THEN TO TRANSACTION
        TRANSFORM TRIGGER TRUE TRUNCATE TRUSTED TYPE UNION UNIQUE UNLISTEN UNLOGGED UPDATE USER USING VACUUM VALUES VERBOSE VIEW
        WHERE WINDOW WITH WITHOUT WORK WRAPPER
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    static readonly FrozenDictionary<int, string[]> ByHash =
        Known.GroupBy(word => Hash(word)).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The key word in upper case; null when it is none of ours.</summary>
    public static string? Find(ReadOnlySpan<char> word)
    {
        if (word.Length > Longest || !ByHash.TryGetValue(Hash(word), out var candidates))
        {
            return null;
        }

        foreach (var candidate in candidates)
        {
            if (word.Equals(candidate, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }
        }

        return null;
    }

    static int Hash(ReadOnlySpan<char> word)
    {
        var hash = word.Length;
        foreach (var c in word)
        {
            // Clearing the bit makes ASCII letters upper case; other characters only need to hash alike in both functions.
            hash = (hash * 31) + (c & ~0x20);
        }

        return hash;
    }
}
