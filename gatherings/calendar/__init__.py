"""When and where: the agenda, the rotation's proposals, planning, moving, calling off."""
