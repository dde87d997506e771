"""The domain: knows no Prefect and no clock, and prints nothing."""
