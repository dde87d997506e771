"""A coordination meeting (rakor) from its plan to what follows from it; its facts are a `tahapan.meetings.Meeting`."""
