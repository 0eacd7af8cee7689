"""OGC API - Processes: what can be asked of the service that takes reckoning, at once or as a job."""
