"""The web page: asks through `rag`, shows what comes back, and knows nothing of files or vectors."""
