"""Why a deployment failed: what AWS and the container said, and what that means."""
