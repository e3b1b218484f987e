"""What is said of an image or a Region that the table does not have."""

import pytest

from sagemaker_model import ContainerImage


def test_a_family_in_the_place_of_an_image_is_told_how_to_be_one() -> None:
    with pytest.raises(ValueError, match=r"write ContainerImage.of\('djl-lmi'\)"):
        ContainerImage.parse("djl-lmi")
