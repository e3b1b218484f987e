"""Specifiers, compared with those of the packaging library."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from sagemaker_model.code_folder.version import Specifier, read_specifiers

OPERATORS = st.sampled_from(["==", "!=", "<=", ">=", "<", ">", "~="])
NUMBERS = st.sampled_from(["0", "1", "2", "10"])
RELEASES = st.lists(NUMBERS, min_size=1, max_size=4).map(".".join)
PARTS = [
    st.sampled_from(["", "", "", "v", "0!", "1!"]),
    RELEASES,
    st.sampled_from(["", "", "", "a1", "-beta.2", "rc", "_pre_3"]),
    st.sampled_from(["", "", "", ".post1", "-1", "rev"]),
    st.sampled_from(["", "", "", ".dev1", "-dev"]),
    st.sampled_from(["", "", "", ".*"]),
]


@given(OPERATORS, st.tuples(*PARTS).map("".join), RELEASES)
@example("~=", "2.6.0", "2.6")
@example("<", "1.0.post1", "1.0")
@example(">", "1.0rc1", "1.0")
@example("==", "1.0.dev1", "1.0")
def test_a_specifier_admits_what_pip_would_install(
    operator: str, version: str, released: str
) -> None:
    try:
        expected = SpecifierSet(operator + version).contains(released, prereleases=True)
    except InvalidSpecifier:
        with pytest.raises(ValueError, match="is no version specifier"):
            read_specifiers(operator + version)
    else:
        (specifier,) = read_specifiers(operator + version)
        assert specifier.admits(released) == expected


def test_a_local_part_of_a_version_is_the_same_release() -> None:
    assert Specifier("==", "2.6.0+cu124").admits("2.6.0")
    assert not Specifier("!=", "2.6.0+cu124").admits("2.6.0")


@pytest.mark.parametrize(
    "text", [">=2.6.0+cu124", "~=2", "=2.6", "2.6", ">=2.*", "==2.6.x", ">1,,<2"]
)
def test_what_pip_refuses_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no version specifier"):
        read_specifiers(text)


def test_arbitrary_equality_compares_text() -> None:
    assert Specifier("===", "2.6.0").admits("2.6.0")
    assert not Specifier("===", "2.6").admits("2.6.0")


def test_several_conditions_are_read_in_their_order() -> None:
    assert [str(each) for each in read_specifiers(" >= 2.1 ,<3 ")] == [">=2.1", "<3"]
    assert read_specifiers("") == ()
