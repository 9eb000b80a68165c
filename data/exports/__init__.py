"""Files made from answers, and from nothing else, so that a file and the screen cannot disagree."""
