-- By user name: the ids are the database's own.
INSERT INTO user_profiles (user_id, full_name, time_zone, interests)
SELECT u.id, p.full_name, p.time_zone, p.interests
FROM (VALUES
    ('ada', 'Ada Lovelace', 'Europe/London', ARRAY['planning', 'engines']),
    ('grace', 'Grace Hopper', 'America/New_York', ARRAY['compilers'])
) AS p (username, full_name, time_zone, interests)
JOIN users u USING (username)
ON CONFLICT (user_id) DO UPDATE
SET full_name = excluded.full_name, time_zone = excluded.time_zone, interests = excluded.interests;
