"""The bundled sample: fictional councils, written in the layouts in which publishers publish.

`write(folder)` makes every file; it is a pure function, the same bytes on any machine. No figure here comes
from a real council.
"""
