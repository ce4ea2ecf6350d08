"""Files made of a tenant's data to take away: asked for, kept sealed for a while, fetched, gone."""
