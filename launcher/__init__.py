"""Brings Wangge up on one machine: `./run`. Standard library only; imports no room of the house."""
