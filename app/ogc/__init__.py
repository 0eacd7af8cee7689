"""The OGC API door: landing page, collections, features, tiles and styles over HTTP."""
