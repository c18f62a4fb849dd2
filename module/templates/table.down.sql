-- Drops the table {{table}} with all its rows; indexes, triggers and comments go with it.

DROP TABLE {{table}};
