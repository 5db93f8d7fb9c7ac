"""The United Nations Treaty Collection: its status pages and its XML exports, read into snapshots."""
