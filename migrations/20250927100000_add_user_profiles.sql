-- What a user tells about themselves. One row for each user at most, so the key is the user's.

CREATE TABLE user_profiles (
    user_id UUID NOT NULL,
    full_name VARCHAR(200),
    phone VARCHAR(30),
    avatar_url TEXT,
    biography TEXT,
    time_zone VARCHAR(64) NOT NULL DEFAULT 'UTC',
    locale VARCHAR(35) NOT NULL DEFAULT 'en',
    interests TEXT[] NOT NULL DEFAULT '{}',
    preferences JSONB NOT NULL DEFAULT '{}',
    notify_by_email BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT user_profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_profiles_phone_check CHECK (phone ~ '^\+?[0-9 ()./-]+$'),
    CONSTRAINT user_profiles_avatar_url_check CHECK (avatar_url LIKE 'https://%'),
    CONSTRAINT user_profiles_preferences_check CHECK (jsonb_typeof(preferences) = 'object')
);

CREATE INDEX idx_user_profiles_full_name_lower ON user_profiles (lower(full_name));
CREATE INDEX idx_user_profiles_interests_gin ON user_profiles USING gin (interests);
CREATE INDEX idx_user_profiles_preferences_gin ON user_profiles USING gin (preferences);

CREATE TRIGGER update_user_profiles_updated_at
    BEFORE UPDATE ON user_profiles
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

COMMENT ON TABLE user_profiles IS 'What a user tells about themselves';
COMMENT ON COLUMN user_profiles.time_zone IS 'IANA name, such as Europe/Paris';
COMMENT ON COLUMN user_profiles.locale IS 'BCP 47 language tag';

-- Every user there is gets an empty profile, so that the application need not care who came first.
INSERT INTO user_profiles (user_id)
SELECT id FROM users;
