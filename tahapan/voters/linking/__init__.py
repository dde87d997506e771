"""Who on one list is who on another: exact keys first, then Splink; each pair with its level and its evidence in words."""
