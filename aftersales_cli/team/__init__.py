"""The people of the shop and the shop's own set-up: employees, storefronts, founding."""
