-- Gives {{new_name}} its old name, {{table}}, back.

DROP VIEW {{table}};

ALTER TABLE {{table:schema}}{{new_name:base}} RENAME TO {{table:base}};
