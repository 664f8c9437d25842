"""A Prompt drawn for a medium, one file each; each makes the Budget that paging asks. Pure.

They live here and not in the gateway: the teacher's preview and the walk over every screen draw with the very same ones.
"""
