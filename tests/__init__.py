"""
The tests of the atlas.

A package of its own, because a library that we depend on installs one called ``tests``
beside itself: without this file Python would find that one.
"""
