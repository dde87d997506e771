"""What leaves an examination: annexes by name that are locked, lists for polling places, counts for everybody, charts."""
