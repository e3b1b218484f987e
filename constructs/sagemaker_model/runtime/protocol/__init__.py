"""What each engine takes at ``/invocations``, one file each, and how its answers are read."""
