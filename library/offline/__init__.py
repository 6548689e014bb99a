"""続ける備え: lending while the server is down, in a browser or on paper, and taking in its records afterwards."""
