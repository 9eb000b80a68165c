"""Questions that pages ask. The only place where stored counts meet the statistics, and the boundary they leave by."""
