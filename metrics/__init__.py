"""Statistics of the field as pure functions; nothing here reads a file, a clock, a database or a screen."""
