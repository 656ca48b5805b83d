"""Reading an untrusted boundary file.

`process` starts a child that has no network, little memory and a deadline; there `intake` unpacks and
recognises the file, `readers` reads it, `columns` finds name and code, `checks` measures, `picture` draws.
Those modules import no Django and know no secret. What comes back is JSON; `texts` turns it into Spanish.
"""
