"""Pieces that pages are put together from: frame, filters, charts, maps, tables, downloads."""
