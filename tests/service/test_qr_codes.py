"""QR codes: shapes and nothing else, whatever the address."""

from __future__ import annotations

from xml.etree import ElementTree

from service.qr_codes import qr_code

ADDRESS = 'https://wangge.example.invalid/t/x/members/1?a="><script>'


def test_a_code_is_shapes_and_repeats_nothing_of_the_address():
    drawn = qr_code(ADDRESS)
    root = ElementTree.fromstring(drawn)
    assert {each.tag for each in root.iter()} == {"svg", "path"}
    assert "script" not in drawn
    assert "example" not in drawn


def test_a_file_of_its_own_names_its_language_and_one_in_a_page_does_not():
    assert 'xmlns="http://www.w3.org/2000/svg"' in qr_code(ADDRESS, alone=True)
    assert "xmlns" not in qr_code(ADDRESS)
