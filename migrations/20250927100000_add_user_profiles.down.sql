-- Takes the profiles back, with what users wrote into them.

DROP TABLE user_profiles;
