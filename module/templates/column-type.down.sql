-- Takes the new column away again; {{column}} of {{table}} has everything that was written.

DROP TRIGGER fill_{{table}}_{{column}}_new ON {{table}};

DROP FUNCTION {{table:schema}}fill_{{table}}_{{column}}_new();

ALTER TABLE {{table}} DROP COLUMN {{column}}_new;
