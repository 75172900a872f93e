"""What runs by itself: job files, slots, steps as own processes, the schedule loop, and the check of the set-up."""
