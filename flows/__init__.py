"""Stories: a flow reads like a table of contents and is safe to run twice."""
