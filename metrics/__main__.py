"""Write the list of statistics: ``python -m metrics > metrics/README.md``."""

from __future__ import annotations

import sys

from metrics.readme import readme_text

sys.stdout.write(readme_text())
