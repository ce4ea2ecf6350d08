"""Administering: tenants below, people, links, tokens, data taken away."""
