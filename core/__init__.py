"""Words and tools that every room shares. Imports no room.

Pure here (no I/O, no clock): ``msisdn``, ``gsm7``, ``text``, ``problems``.
The rest are the few edges that everybody needs: ``clock``, ``settings``,
``database``, ``jobs``, ``phrases``, ``pages``.
"""
