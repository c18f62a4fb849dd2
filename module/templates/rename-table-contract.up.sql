-- Drops the view {{table=example_table}}, the former name of {{new_name=renamed_table}}, which the template 'rename-table' left (contract).
--
-- Nothing may use the old name any more: look at the application's releases, and at the statements the server has seen.

DROP VIEW {{table}};
