"""Styles that travel with a GeoPackage: QML for QGIS, SLD for everything else."""
