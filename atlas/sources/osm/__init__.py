"""
OpenStreetMap: live through Overpass, or from an extract; both give the same rows.

`tags` holds the tables, `meaning` applies them, `selection` turns them into a question,
`outline` finds the point, `rows` builds what is handed over.
"""
