"""Django's PostGIS backend, which knows who asks, as which role, and when to give up.

A database that hangs is given up by this side too: the server's own time-outs (statement, lock, idle) do not
help against a server that is stopped.
"""
