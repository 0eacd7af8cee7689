"""The door to what is no map: health now, figures later."""
