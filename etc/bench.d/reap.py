"""Runs a command and awaits all that it leaves behind, so that no CPU second is lost; a signal to end is passed on.

sshd's children do not all await theirs: without this, part of what a session costs is counted for nobody.
"""
import ctypes
import os
import signal
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36

if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
    sys.exit("reap: " + os.strerror(ctypes.get_errno()))
process = subprocess.Popen(sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: os.kill(process.pid, signal.SIGTERM))
while os.wait()[0] != process.pid:
    pass
