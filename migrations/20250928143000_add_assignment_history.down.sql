-- Takes the history back, and what it has recorded with it.

DROP TRIGGER record_assignment_details_change ON assignment_details;
DROP TRIGGER record_assignments_change ON assignments;

DROP FUNCTION record_assignment_change();

DROP TABLE assignment_history;
