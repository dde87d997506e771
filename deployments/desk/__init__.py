"""The desk: letters over HTTP, to look at; it changes nothing."""
