-- VividShift's first schema: people who sign in, the domains they work in, and the assignments of participants to targets
-- by skills.
--
-- No name is qualified: everything lands in the first schema of the search_path, so that the same file serves a database of
-- its own and a schema of its own.

-- Keys come from uuid_generate_v4(). The extension may be there already, and then it is not ours to remove: the comment tells
-- the down script whether this file created it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'uuid-ossp') THEN
        CREATE EXTENSION "uuid-ossp";
        COMMENT ON EXTENSION "uuid-ossp" IS
            'generate universally unique identifiers (UUIDs); created by migration 20250926152953';
    END IF;
END
$$;

CREATE FUNCTION update_updated_at_column() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION update_updated_at_column() IS 'Trigger function: stamps updated_at on every update of a row';

-- People who sign in ----------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    username VARCHAR(100) NOT NULL,
    email VARCHAR(255) NOT NULL,
    password_hash TEXT NOT NULL,
    role VARCHAR(20) NOT NULL DEFAULT 'member',
    is_active BOOLEAN NOT NULL DEFAULT true,
    failed_logins INTEGER NOT NULL DEFAULT 0,
    last_login_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_username_check CHECK (username ~ '^[a-z0-9][a-z0-9._-]+$'),
    CONSTRAINT users_email_check CHECK (position('@' IN email) > 1),
    CONSTRAINT users_role_check CHECK (role IN ('admin', 'planner', 'member', 'viewer')),
    CONSTRAINT users_failed_logins_check CHECK (failed_logins >= 0)
);

CREATE UNIQUE INDEX idx_users_email_lower ON users (lower(email));
CREATE INDEX idx_users_role_active ON users (role) WHERE is_active;

CREATE TRIGGER update_users_updated_at
    BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

COMMENT ON TABLE users IS 'People and services that sign in';
COMMENT ON COLUMN users.password_hash IS 'Argon2id hash with its parameters; never a password';
COMMENT ON COLUMN users.role IS 'What a user may do where no domain says otherwise';

CREATE TABLE user_sessions (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    ip_address INET,
    user_agent TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    last_seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    CONSTRAINT user_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT user_sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT user_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_sessions_expires_at_check CHECK (expires_at > created_at)
);

CREATE INDEX idx_user_sessions_user_id ON user_sessions (user_id);
CREATE INDEX idx_user_sessions_expires_at_open ON user_sessions (expires_at) WHERE revoked_at IS NULL;

COMMENT ON TABLE user_sessions IS 'Signed-in sessions; rows past expires_at are swept';
COMMENT ON COLUMN user_sessions.token_hash IS 'SHA-256 of the session token';

-- Where the work happens -------------------------------------------------------------------------------------------------------

CREATE TABLE domains (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    name VARCHAR(200) NOT NULL,
    description TEXT,
    settings JSONB NOT NULL DEFAULT '{}',
    is_active BOOLEAN NOT NULL DEFAULT true,
    owner_id UUID,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT domains_pkey PRIMARY KEY (id),
    CONSTRAINT domains_name_key UNIQUE (name),
    CONSTRAINT domains_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT domains_settings_check CHECK (jsonb_typeof(settings) = 'object')
);

CREATE INDEX idx_domains_owner_id ON domains (owner_id);
CREATE INDEX idx_domains_settings_gin ON domains USING gin (settings);

CREATE TRIGGER update_domains_updated_at
    BEFORE UPDATE ON domains
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

COMMENT ON TABLE domains IS 'Areas of work, each with its own participants, targets and rules';
COMMENT ON COLUMN domains.settings IS 'Rules of the domain: weights, limits, quiet hours';

CREATE TABLE domain_members (
    domain_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role VARCHAR(20) NOT NULL DEFAULT 'viewer',
    joined_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT domain_members_pkey PRIMARY KEY (domain_id, user_id),
    CONSTRAINT domain_members_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains (id) ON DELETE CASCADE,
    CONSTRAINT domain_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT domain_members_role_check CHECK (role IN ('planner', 'viewer'))
);

CREATE INDEX idx_domain_members_user_id ON domain_members (user_id);

COMMENT ON TABLE domain_members IS 'Which users may see or plan which domain';

-- Who is assigned to what ------------------------------------------------------------------------------------------------------

CREATE TABLE participants (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    domain_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    email VARCHAR(255),
    skills TEXT[] NOT NULL DEFAULT '{}',
    weekly_hours NUMERIC(5, 2) NOT NULL DEFAULT 40,
    metadata JSONB NOT NULL DEFAULT '{}',
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT participants_pkey PRIMARY KEY (id),
    -- Wider than the key: assignment_details refers to it to keep participants inside their domain.
    CONSTRAINT participants_id_domain_id_key UNIQUE (id, domain_id),
    CONSTRAINT participants_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains (id) ON DELETE CASCADE,
    CONSTRAINT participants_name_check CHECK (length(btrim(name)) > 0),
    CONSTRAINT participants_weekly_hours_check CHECK (weekly_hours BETWEEN 0 AND 168)
);

CREATE INDEX idx_participants_domain_id ON participants (domain_id);
CREATE INDEX idx_participants_active_skills_gin ON participants USING gin (skills) WHERE is_active;
CREATE INDEX idx_participants_metadata_gin ON participants USING gin (metadata);

CREATE TRIGGER update_participants_updated_at
    BEFORE UPDATE ON participants
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

COMMENT ON TABLE participants IS 'People who can be assigned';
COMMENT ON COLUMN participants.skills IS 'What the participant can do, lower case';
COMMENT ON COLUMN participants.metadata IS 'Whatever the source system knows besides';

CREATE TABLE assignment_targets (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    domain_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    description TEXT,
    required_skills TEXT[] NOT NULL DEFAULT '{}',
    capacity INTEGER NOT NULL DEFAULT 1,
    priority SMALLINT NOT NULL DEFAULT 50,
    starts_at TIMESTAMPTZ,
    ends_at TIMESTAMPTZ,
    metadata JSONB NOT NULL DEFAULT '{}',
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT assignment_targets_pkey PRIMARY KEY (id),
    CONSTRAINT assignment_targets_id_domain_id_key UNIQUE (id, domain_id),
    CONSTRAINT assignment_targets_domain_id_name_key UNIQUE (domain_id, name),
    CONSTRAINT assignment_targets_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains (id) ON DELETE CASCADE,
    CONSTRAINT assignment_targets_capacity_check CHECK (capacity > 0),
    CONSTRAINT assignment_targets_priority_check CHECK (priority BETWEEN 0 AND 100),
    CONSTRAINT assignment_targets_ends_at_check CHECK (ends_at > starts_at)
);

CREATE INDEX idx_assignment_targets_required_skills_gin ON assignment_targets USING gin (required_skills);
CREATE INDEX idx_assignment_targets_open_priority ON assignment_targets (domain_id, priority DESC) WHERE is_active;

CREATE TRIGGER update_assignment_targets_updated_at
    BEFORE UPDATE ON assignment_targets
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

COMMENT ON TABLE assignment_targets IS 'Shifts, projects, rooms: what participants are assigned to';
COMMENT ON COLUMN assignment_targets.required_skills IS 'Every one of these must be among the participant''s skills';
COMMENT ON COLUMN assignment_targets.priority IS '0 to 100; the higher is filled first';

CREATE TABLE assignments (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    domain_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'draft',
    strategy VARCHAR(50) NOT NULL DEFAULT 'best_match',
    parameters JSONB NOT NULL DEFAULT '{}',
    created_by UUID,
    published_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT assignments_pkey PRIMARY KEY (id),
    CONSTRAINT assignments_id_domain_id_key UNIQUE (id, domain_id),
    CONSTRAINT assignments_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains (id) ON DELETE CASCADE,
    CONSTRAINT assignments_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT assignments_status_check CHECK (status IN ('draft', 'published', 'archived')),
    CONSTRAINT assignments_published_at_check CHECK (status = 'draft' OR published_at IS NOT NULL)
);

CREATE INDEX idx_assignments_domain_id_created_at ON assignments (domain_id, created_at DESC);
CREATE INDEX idx_assignments_created_by ON assignments (created_by);
CREATE INDEX idx_assignments_drafts ON assignments (updated_at) WHERE status = 'draft';
CREATE INDEX idx_assignments_parameters_gin ON assignments USING gin (parameters jsonb_path_ops);

CREATE TRIGGER update_assignments_updated_at
    BEFORE UPDATE ON assignments
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

COMMENT ON TABLE assignments IS 'One run of the assignment of participants to targets within a domain';
COMMENT ON COLUMN assignments.strategy IS 'How participants were matched';
COMMENT ON COLUMN assignments.parameters IS 'What the strategy was told';

CREATE TABLE assignment_details (
    id UUID NOT NULL DEFAULT uuid_generate_v4(),
    assignment_id UUID NOT NULL,
    domain_id UUID NOT NULL,
    participant_id UUID NOT NULL,
    target_id UUID NOT NULL,
    score NUMERIC(5, 4),
    matched_skills TEXT[] NOT NULL DEFAULT '{}',
    is_locked BOOLEAN NOT NULL DEFAULT false,
    note TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT assignment_details_pkey PRIMARY KEY (id),
    CONSTRAINT assignment_details_assignment_participant_target_key UNIQUE (assignment_id, participant_id, target_id),
    -- The domain is part of each key, so a participant cannot be assigned to another domain's target.
    CONSTRAINT assignment_details_assignment_id_fkey
        FOREIGN KEY (assignment_id, domain_id) REFERENCES assignments (id, domain_id) ON DELETE CASCADE,
    CONSTRAINT assignment_details_participant_id_fkey
        FOREIGN KEY (participant_id, domain_id) REFERENCES participants (id, domain_id) ON DELETE CASCADE,
    CONSTRAINT assignment_details_target_id_fkey
        FOREIGN KEY (target_id, domain_id) REFERENCES assignment_targets (id, domain_id) ON DELETE CASCADE,
    CONSTRAINT assignment_details_score_check CHECK (score BETWEEN 0 AND 1)
);

CREATE INDEX idx_assignment_details_participant_id ON assignment_details (participant_id, domain_id);
CREATE INDEX idx_assignment_details_target_id ON assignment_details (target_id, domain_id);
CREATE INDEX idx_assignment_details_locked ON assignment_details (assignment_id) WHERE is_locked;

CREATE TRIGGER update_assignment_details_updated_at
    BEFORE UPDATE ON assignment_details
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

COMMENT ON TABLE assignment_details IS 'Who was assigned to what, and why';
COMMENT ON COLUMN assignment_details.score IS 'How well the participant fits, 0 to 1';
COMMENT ON COLUMN assignment_details.is_locked IS 'Set by hand: a new run leaves the row alone';
