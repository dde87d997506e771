"""Candidate registration as supervision sees it: the rules, the arrivals, the papers, the disputes."""
