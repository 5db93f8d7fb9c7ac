"""The web face: pages for people, an API for programs, feeds for readers, all from the record alone."""
