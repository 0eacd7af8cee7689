"""What the doors share: addresses and links, formats and parameters, entity tags, and the frame of every web page."""
