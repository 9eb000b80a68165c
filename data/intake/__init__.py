"""The door: refuses what must not come in, checks the rest against the store, and loads it whole or not at all."""
