"""Letters: words -> blocks -> paper."""
