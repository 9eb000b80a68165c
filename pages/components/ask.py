"""The answers, kept for as long as the store stays as it is. Every reader sees the same, so copies are shared."""

from __future__ import annotations
