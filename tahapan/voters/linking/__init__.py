"""Who on one list is who on another: by Splink over what some rule pairs; each pair with its level and its evidence in words."""
