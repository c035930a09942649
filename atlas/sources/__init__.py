"""One module per source; each reads its own form and knows nothing of the others."""
