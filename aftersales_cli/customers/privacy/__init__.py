"""What a customer has allowed, all that is stored about one, and forgetting."""
