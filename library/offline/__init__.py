"""続ける備え: lending while the server is down, in a browser or on paper, and what comes in of it afterwards."""
