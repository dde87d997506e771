"""Ways to start: command line, server, schedules, desk."""
