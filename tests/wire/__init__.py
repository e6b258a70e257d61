"""A small Discord on this computer, which the real process connects to over HTTP and WebSocket."""
