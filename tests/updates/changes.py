"""All changes, in the order of the documentation."""

from __future__ import annotations

from updates.capacity_changes import CAPACITY_CHANGES
from updates.deployment_changes import DEPLOYMENT_CHANGES
from updates.endpoint_changes import ENDPOINT_CHANGES
from updates.hosting_changes import HOSTING_CHANGES
from updates.shared_changes import SHARED_CHANGES
from updates.weights_changes import WEIGHTS_CHANGES

CHANGES = [
    *ENDPOINT_CHANGES,
    *DEPLOYMENT_CHANGES,
    *HOSTING_CHANGES,
    *SHARED_CHANGES,
    *CAPACITY_CHANGES,
    *WEIGHTS_CHANGES,
]
