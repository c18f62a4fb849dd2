-- Every change of an assignment and of its details, as it happened.

CREATE TABLE assignment_history (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    -- No foreign key: history outlives what it tells about.
    assignment_id UUID NOT NULL,
    relation_name NAME NOT NULL,
    row_id UUID NOT NULL,
    operation VARCHAR(6) NOT NULL,
    old_values JSONB,
    new_values JSONB,
    changed_by UUID,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT assignment_history_pkey PRIMARY KEY (id),
    CONSTRAINT assignment_history_operation_check CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
    CONSTRAINT assignment_history_values_check CHECK (
        (old_values IS NULL) = (operation = 'INSERT') AND (new_values IS NULL) = (operation = 'DELETE'))
);

CREATE INDEX idx_assignment_history_assignment_id ON assignment_history (assignment_id, changed_at);
CREATE INDEX idx_assignment_history_changed_by ON assignment_history (changed_by) WHERE changed_by IS NOT NULL;
CREATE INDEX idx_assignment_history_changed_at_brin ON assignment_history USING brin (changed_at);

COMMENT ON TABLE assignment_history IS 'Every change of assignments and assignment_details; only ever appended to';
COMMENT ON COLUMN assignment_history.changed_by IS 'The user in the setting vividshift.user_id, if the application set it';

-- Runs under the search_path of this migration, so that it finds the table whatever the caller's path is.
CREATE FUNCTION record_assignment_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    old_row JSONB := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    new_row JSONB := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    any_row JSONB := coalesce(new_row, old_row);
BEGIN
    -- An update that changes nothing but its own time stamp is no news.
    IF TG_OP = 'UPDATE' AND old_row - 'updated_at' = new_row - 'updated_at' THEN
        RETURN NULL;
    END IF;

    INSERT INTO assignment_history (assignment_id, relation_name, row_id, operation, old_values, new_values, changed_by)
    VALUES (
        coalesce(any_row ->> 'assignment_id', any_row ->> 'id')::uuid,
        TG_TABLE_NAME,
        (any_row ->> 'id')::uuid,
        TG_OP,
        old_row,
        new_row,
        nullif(current_setting('vividshift.user_id', true), '')::uuid);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION record_assignment_change() IS 'Trigger function: writes assignment_history';

CREATE TRIGGER record_assignments_change
    AFTER INSERT OR UPDATE OR DELETE ON assignments
    FOR EACH ROW EXECUTE FUNCTION record_assignment_change();

CREATE TRIGGER record_assignment_details_change
    AFTER INSERT OR UPDATE OR DELETE ON assignment_details
    FOR EACH ROW EXECUTE FUNCTION record_assignment_change();
