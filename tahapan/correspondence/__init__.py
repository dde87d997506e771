"""What comes in, and what is still waited for: the book of incoming letters, dispositions, answers to letters of ours."""
