-- Prepares {{column=name}} of {{table=example_table}} for another type, {{type:sql=TEXT}}, while the application goes on (expand).
--
-- ALTER COLUMN ... TYPE rewrites the table under an exclusive lock, except where a VARCHAR gets longer or becomes TEXT, or a NUMERIC gets
-- more digits: do those directly. Everything else takes three migrations and no lock that is felt:
-- 1. this one adds the column {{column}}_new, and a trigger that fills it on every write to {{column}};
-- 2. the template 'data' fills the rows that are there, with column = {{column}}_new and a condition on {{column}}_new IS NULL;
-- 3. the template 'column-type-contract' lets the new column take the old one's place.

ALTER TABLE {{table}} ADD COLUMN {{column}}_new {{type:sql}};

CREATE FUNCTION {{table:schema}}fill_{{table}}_{{column}}_new() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.{{column}}_new = CAST(NEW.{{column}} AS {{type:sql}});
    RETURN NEW;
END
$$;

CREATE TRIGGER fill_{{table}}_{{column}}_new
    BEFORE INSERT OR UPDATE ON {{table}}
    FOR EACH ROW EXECUTE FUNCTION {{table:schema}}fill_{{table}}_{{column}}_new();
