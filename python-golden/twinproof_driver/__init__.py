"""The Twinproof driver for the official Python SDK (`openai_codex`), synchronous and asynchronous."""
