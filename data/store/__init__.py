"""The store: tables, migrations and every query. The only SQL of the project is in here."""
