"""What gebieden, codes, units and coordinate systems exist."""
