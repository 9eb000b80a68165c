"""Layers below the pages: catalogue, sources, intake, store, answers and exports."""
