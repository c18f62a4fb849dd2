-- Drops the foreign key on {{column}} of {{table}}; also after an up script that stopped half-way, hence IF EXISTS.

ALTER TABLE {{table}} DROP CONSTRAINT IF EXISTS {{table}}_{{column}}_fkey;
