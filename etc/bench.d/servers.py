"""The two that are compared: Martlet, and OpenSSH's sshd that looks keys up with psql and runs git."""
import glob
import os
import shutil
import subprocess
import sys
import time

from measure import cpu, descendants, free_port, memory, run, timed, wait_for

# A user of its own, with a plain shell: what root's start-up files do would be counted against the peer.
PEER_USER = f"martlet-bench-{os.getpid()}"


class Server:
    """What both are to a client. `idle` is the anonymous memory once a first push has been served."""

    def __init__(self, work, name, user):
        self.work, self.name, self.user, self.port, self.pid, self.idle = work, name, user, free_port(), 0, 0

    def ssh(self, *words):
        return ["ssh", "-F", "none", "-p", str(self.port), "-i", f"{self.work}/key", "-o", "IdentitiesOnly=yes",
                "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                "-o", "LogLevel=ERROR", "-o", "KexAlgorithms=curve25519-sha256", *words]

    def environment(self):
        return dict(os.environ, GIT_SSH_COMMAND=" ".join(self.ssh()), GIT_CONFIG_GLOBAL="/dev/null", SSH_AUTH_SOCK="",
                    GIT_TERMINAL_PROMPT="0")

    def git(self, *words):
        """Seconds that a git command of the client takes."""
        return timed(["git", *words], self.environment())

    def push(self, path, url, *references):
        return self.git("-C", path, "push", "-q", url, *references)

    def answers(self):
        code = subprocess.run(self.ssh("-T", f"{self.user}@127.0.0.1", "true"), capture_output=True).returncode
        return code in (0, 2)

    def settle(self):
        """Waits until the server does nothing: what it does afterwards is its own, not the other's."""
        def quiet():
            before = self.cpu_now()
            time.sleep(0.05)
            return self.cpu_now() - before < 0.001 and not self.sessions()
        wait_for(quiet, f"{self.name} is idle", 300)

    def cpu(self):
        self.settle()
        return self.cpu_now()

    def cpu_now(self):
        return cpu(self.pid)

    def warm_up(self, path):
        wait_for(self.answers, f"{self.name} answers")
        self.push(path, self.repository("warm"), "main:refs/heads/work")
        self.settle()
        self.idle = memory(self.pid)


class Martlet(Server):
    def __init__(self, work, program, **settings):
        super().__init__(work, "martlet", "git")
        self.program = program
        self.settings = dict(
            os.environ, MARTLET_DATA=f"{work}/data", MARTLET_SSH_PORT=str(self.port), MARTLET_CONFIG="/dev/null",
            MARTLET_HTTP_PORT=str(free_port()), MARTLET_LOGINS_PER_SOURCE="400", MARTLET_DRAIN_SECONDS="1",
            MARTLET_SHUTDOWN_SECONDS="1", MARTLET_LOG_LEVEL="warning") | settings
        log = open(f"{work}/martlet.log", "w")
        self.process = subprocess.Popen([program, "serve"], env=self.settings, stdout=log, stderr=log,
                                        start_new_session=True)
        self.pid = self.process.pid
        ready = lambda: os.path.exists(f"{work}/data/martlet.pid")
        wait_for(lambda: ready() or self.process.poll() is not None, "martlet serves")
        self.command("users", "add", "alice", "--admin", "--key", f"{work}/key.pub")

    def command(self, *words, check=True):
        return run(self.program, *words, env=self.settings, check=check)

    def url(self, name):
        return f"ssh://git@127.0.0.1:{self.port}/{name}"

    def repository(self, name):
        """A new, empty repository's address. What is pushed to its 'work' is stored and not deployed."""
        self.command("apps", "create", name, "--owner", "alice")
        self.command("apps", "set", name, "--deploy-branch", "main")
        return self.url(name)

    def path(self, name):
        return f"{self.work}/data/repositories/" + self.sql(f"select id from apps where name = '{name}'") + ".git"

    def drop(self, name):
        self.command("apps", "destroy", name, "--confirm", name)

    def sessions(self):
        return []

    def sql(self, query):
        socket = f"{self.work}/data/postgres/run"
        return run("psql", "--no-psqlrc", "-h", socket, "-U", "martlet", "-d", "martlet", "-Atc", query).strip()

    def stop(self):
        self.command("down", check=False)
        self.process.wait()


class SSHD(Server):
    """The keys are in Martlet's database, asked for by the real psql rather than by Debian's wrapper."""

    def __init__(self, work):
        super().__init__(work, "sshd", PEER_USER)
        # sshd runs the command only from folders that nobody else can write to.
        self.command = f"/usr/local/lib/{self.user}"
        self.write_command()
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{work}/host")
        self.write_configuration()
        run("useradd", "--system", "--shell", "/bin/sh", "--home-dir", work, "--password", "*", self.user)
        os.makedirs("/run/sshd", exist_ok=True)
        reap = [sys.executable, f"{os.path.dirname(__file__)}/reap.py"]
        self.process = subprocess.Popen([*reap, "/usr/sbin/sshd", "-D", "-e", "-f", f"{work}/sshd_config"],
                                        stderr=open(f"{work}/sshd.log", "w"))
        self.pid = self.process.pid
        wait_for(lambda: descendants(self.pid), "sshd is there")
        self.listener = descendants(self.pid)[0]

    def write_command(self):
        psql = sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"))[-1]
        with open(self.command, "w") as script:
            script.write(f"""#!/bin/sh
exec {psql} --no-psqlrc -h {self.work}/data/postgres/run -U martlet -d martlet -At -v fingerprint="$1" <<'END'
select 'restrict ' || type || ' ' || replace(encode(blob, 'base64'), chr(10), '') from ssh_keys
where fingerprint = :'fingerprint'
END
""")
        os.chmod(self.command, 0o755)

    def write_configuration(self):
        with open(f"{self.work}/sshd_config", "w") as config:
            config.write(f"""Port {self.port}
ListenAddress 127.0.0.1
HostKey {self.work}/host
PidFile none
AuthorizedKeysFile none
AuthorizedKeysCommand {self.command} %f
AuthorizedKeysCommandUser root
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
MaxStartups 1000
AcceptEnv GIT_PROTOCOL
""")

    def repository(self, name):
        run("git", "init", "-q", "--bare", self.path(name))
        run("chown", "-R", self.user, self.path(name))
        return self.url(name)

    def url(self, name):
        return f"ssh://{self.user}@127.0.0.1:{self.port}{self.path(name)}"

    def path(self, name):
        return f"{self.work}/{name}.git"

    def drop(self, name):
        shutil.rmtree(self.path(name))

    def sessions(self):
        """What runs for clients: its CPU seconds count only once it has ended."""
        return [process for process in descendants(self.pid) if process != self.listener]

    def cpu_now(self):
        return cpu(self.pid) + cpu(self.listener)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        run("userdel", self.user, check=False)
        os.unlink(self.command)
