"""Who owns what, and what may happen to it: one folder per capability of the domain."""
