"""Every sentence that `geo` says about cells stands in the catalogues."""

from __future__ import annotations

from geo import drawn_cells, grid_cuts, grid_faults, grid_points
from service.grid_sentences import GRID_SENTENCES


def test_what_geo_says_about_cells_is_collected():
    said = [
        sentence
        for module in (grid_faults, drawn_cells, grid_cuts, grid_points)
        for sentence in module.SENTENCES.values()
    ]
    assert list(GRID_SENTENCES) == said
