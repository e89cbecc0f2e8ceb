"""The windows. What they show is asked of `app`; nothing there knows Qt.

Pydantic is loaded before PySide6: PySide looks into every module while it is being imported, and what it looks for makes a half-loaded
pydantic import itself again (ImportError). Whoever shows a window reads settings with pydantic first: nothing is loaded that would not be.
"""

from pydantic import BaseModel, Field, TypeAdapter

_LOADED = (BaseModel, Field, TypeAdapter)
