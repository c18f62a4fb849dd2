-- Lets {{column}} of {{table}} be NULL again; also after an up script that stopped half-way.

ALTER TABLE {{table}}
    DROP CONSTRAINT IF EXISTS {{table}}_{{column}}_is_given,
    ALTER COLUMN {{column}} DROP NOT NULL;
