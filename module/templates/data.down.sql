-- Leaves {{column}} of {{table}} as it is: nothing tells the values that were filled in from those written since, and the undo of the
-- migration that added the column takes both away. Where the old values can be had, write the way back here instead.

DO $$
BEGIN
    RAISE NOTICE 'The values that were filled in stay';
END
$$;
