"""What a person may do beside looking: each act checks the person's role, does it, and leaves an entry in the trail."""
