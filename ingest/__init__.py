"""Published and submitted files in, typed raw tables and rejects out.

Pure: no orchestration imports and no database. See docs/architecture.md for the road a file takes.
"""
