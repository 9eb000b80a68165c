"""``python -m data …``: load, check and describe what the dashboard holds."""

from __future__ import annotations

import sys

from data.commands import main

if __name__ == "__main__":
    sys.exit(main())
