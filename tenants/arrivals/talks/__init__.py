"""First talks: calls at addresses that somebody moved to. No people in them."""
