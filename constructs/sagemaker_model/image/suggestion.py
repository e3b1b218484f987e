"""What was probably meant by a name that the table of images does not have."""

from __future__ import annotations

from collections.abc import Iterable

from sagemaker_model.image.table import newest, records, registry_regions
from sagemaker_model.spelling import close_names


def nearest_image(name: str) -> str | None:
    """Return the ``repository:tag`` of the table that is nearest to *name*; None if none is near.

    Args:
        name: A repository and a tag. Where the table has the repository, so has the answer: the
            nearest tag, or the newest where no tag is near.
    """
    repository = name.partition(":")[0]
    there = [record for record in records() if record.repository == repository]
    close = _closest(name, [record.name for record in there or records()])
    return close or (newest(there).name if there else None)


def nearest_region(region: str) -> str | None:
    """Return the Region that was probably meant; None where none is near.

    >>> nearest_region("us-esat-1")
    'us-east-1'
    """
    return _closest(region.lower(), registry_regions())


def how_to_write(text: str) -> str:
    """Say how the image is written that was probably meant by a text without a tag."""
    families = {record.family for record in records()}
    if text in families:
        return f"for the family, write ContainerImage.of({text!r})"
    constant = _closest(text.removeprefix("ContainerImages.").upper(), _constants())
    if constant:
        return f"write ContainerImages.{constant}, without quotes"
    if text in {record.repository for record in records()}:
        return f"give its tag as well, as in {nearest_image(text)!r}"
    family = _closest(text, families)
    if family:
        return f"did you mean ContainerImage.of({family!r})?"
    return "write 'repository:tag' as AWS lists it, a whole ECR URI, or ContainerImage.of(…)"


def _closest(text: str, known: Iterable[str]) -> str | None:
    return next(iter(close_names(text, known)), None)


def _constants() -> list[str]:
    # The names are made of images, and so of the module that asks this one for help.
    from sagemaker_model.image.container_images import ContainerImages

    return [name for name in vars(ContainerImages) if name.isupper()]
