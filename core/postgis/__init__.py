"""Django's PostGIS backend with patience: a database that hangs is given up by this side too.

The server's own time-outs (statement, lock, idle) do not help against a server that is stopped.
"""
