"""The desk: letters, decisions, evidence and details over HTTP, rendered here, without a program in the browser."""
