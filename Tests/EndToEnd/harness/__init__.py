"""What the end-to-end tests are made of: callers, browsers, a server, and ears."""
