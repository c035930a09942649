"""The web interface: Streamlit lives here and in app.py, nowhere else."""
