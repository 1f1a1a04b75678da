-- Ends the statement that calls it as a passing failure (serialization_failure): it is repeated over a newer snapshot.
CREATE FUNCTION usher_look_again() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'another owner recorded one of these requests meanwhile: look again' USING ERRCODE = 'serialization_failure';
END $$;
