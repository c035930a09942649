"""Linked data: the catalogue entry (DCAT-AP.de) and each space in the words of schema.org."""
