-- Creates the table {{table=example_table}} with indexes, a trigger that keeps updated_at, and comments.
--
-- It needs uuid_generate_v4() from uuid-ossp and the trigger function update_updated_at_column(). Indexes on a new table need no
-- CONCURRENTLY: nobody else sees it yet.

CREATE TABLE {{table}} (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    name VARCHAR(200) NOT NULL,
    description TEXT,
    metadata JSONB NOT NULL DEFAULT '{}',
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT {{table}}_pkey PRIMARY KEY (id),
    CONSTRAINT {{table}}_name_check CHECK (length(btrim(name)) > 0)
);

-- Indexes: one for each way in which the application looks things up. A boolean alone is no use to an index; as its condition it is.
CREATE INDEX idx_{{table}}_name ON {{table}} (name);
CREATE INDEX idx_{{table}}_active_created_at ON {{table}} (created_at) WHERE is_active;
CREATE INDEX idx_{{table}}_metadata_gin ON {{table}} USING gin (metadata);

-- Triggers
CREATE TRIGGER update_{{table}}_updated_at
    BEFORE UPDATE ON {{table}}
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Comments
COMMENT ON TABLE {{table}} IS {{comment:text=Example table}};
COMMENT ON COLUMN {{table}}.metadata IS 'Whatever has no column of its own yet';
