"""The web map: its sources (TypeScript), its build, and the door that serves it."""
