-- Puts the view {{table}} back. Privileges on it have to be granted again.

CREATE VIEW {{table}} AS
SELECT * FROM {{table:schema}}{{new_name:base}};

COMMENT ON VIEW {{table}} IS 'The former name of a table; to be dropped when nothing uses it any more';
