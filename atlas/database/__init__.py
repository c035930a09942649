"""
The table in a shared database: PostgreSQL with PostGIS, for an office with several servers.

Without ``ATLAS_DATABASE_URL`` nothing of it is imported: the folder of
`atlas.stored` counts. `atlas.database.shelf` decides which of the two it is.
"""
