"""The least that each rule finds something in: one function for each, of the rule's name.

Each is given a stack in ``us-east-1`` and an empty current folder.
"""
