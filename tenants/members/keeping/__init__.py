"""Keeping the register by hand: one person more, facts corrected, somebody taken out of it."""
