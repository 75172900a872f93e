"""What customers are worth: counts of their orders, scores, segments, rates, tags, and the page that shows one."""
