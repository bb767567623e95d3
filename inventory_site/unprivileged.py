"""Whom the local servers run as. PostgreSQL refuses root, so for root somebody else runs it."""

import ctypes
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from inventory_site.wheels import postgres_programs

CLONE_NEWUSER = 0x10000000
INSIDE = 1000  # the user id that root has inside its own namespace

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Servant:
    """`uid` owns the servers' files; `namespace`: root itself, under another name."""

    uid: int
    gid: int
    namespace: bool = False

    def own(self, folder: Path) -> None:
        """Make `folder` the servant's."""
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)

    def become(self) -> None:
        """Between fork and exec: go on as the servant."""
        if self.namespace:
            uid, gid = os.geteuid(), os.getegid()
            if _libc.unshare(CLONE_NEWUSER):
                raise OSError(ctypes.get_errno(), "unshare")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{INSIDE} {uid} 1")
            Path("/proc/self/gid_map").write_text(f"{INSIDE} {gid} 1")
        elif self.uid != os.geteuid():
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)


def servant_for(folder: Path) -> Servant:
    """Ourselves; for root `nobody` where it can reach data and programs, else a namespace of its own."""
    if os.geteuid() != 0:
        return Servant(os.geteuid(), os.getegid())
    nobody = pwd.getpwnam("nobody")
    if _open_to_all(folder) and _open_to_all(postgres_programs()):
        return Servant(nobody.pw_uid, nobody.pw_gid)
    return Servant(0, 0, namespace=True)


def _open_to_all(folder: Path) -> bool:
    """Whether anybody may pass through every folder above (the last one is opened by its keeper)."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents)
