-- Renames {{table=example_table}} to {{new_name=renamed_table}} and leaves a view of the old name for what still uses it (expand).
--
-- Both names read and write the same rows: PostgreSQL lets such a view be written to. Indexes, constraints and triggers keep their names.
-- When nothing uses the old name any more, the template 'rename-table-contract' drops the view.
-- On PostgreSQL 15 and later a table with row level security needs the view WITH (security_invoker = true).

ALTER TABLE {{table}} RENAME TO {{new_name:base}};

CREATE VIEW {{table}} AS
SELECT * FROM {{table:schema}}{{new_name:base}};

COMMENT ON VIEW {{table}} IS 'The former name of a table; to be dropped when nothing uses it any more';

-- Who could use the table must be able to use the view.
DO $$
DECLARE
    permission record;
BEGIN
    FOR permission IN
        SELECT a.privilege_type, a.is_grantable,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
        WHERE c.oid = '{{table:schema}}{{new_name:base}}'::regclass
          AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    LOOP
        EXECUTE format(
            'GRANT %s ON %s TO %s%s', permission.privilege_type, '{{table}}'::regclass, permission.grantee,
            CASE WHEN permission.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
END
$$;
