"""The entry script, alone in its folder."""
