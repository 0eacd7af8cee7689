"""Take a levering: read an official format, map it, validate it, and store it as facts."""
