"""Treaty monitor: watches depositaries' public pages and tells people the day a State's treaty status changes."""
