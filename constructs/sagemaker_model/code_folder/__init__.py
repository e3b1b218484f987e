"""The user's inference code, read at synth and never run."""
