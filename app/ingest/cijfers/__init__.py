"""Take figures from a table to facts: read each cell, hold it against code lists, units and gebieden, and account for every one."""
