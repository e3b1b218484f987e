"""The one place that touches ministack, the emulator below the local AWS.

ministack has no public interface for plug-ins: each file here names what it uses of its private
parts in ``HOOKS``, and a test tells at once when a new version has moved one of them.
"""
