"""How the build grows: ``python -m benchmarks.build`` writes docs/scale.md."""
