"""Assembly: assets, checks, partitions, schedules, sensors, publishing and the command line. No parsing."""
