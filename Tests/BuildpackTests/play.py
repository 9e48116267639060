#!/usr/bin/env python3
"""Plays the part of a lifecycle for the bundled buildpacks, inside a container of the stack; just enough to try them.

usage: play.py detect                              says for each app which buildpacks detect it
       play.py build BUILDPACK APP [NAME=VALUE…]   detects and builds, in the folders of the last time if there are any
       play.py refuse BUILDPACK:APP…               the same for each, from nothing
       play.py serve [TYPE]                        starts a process, and says what it answers for /

The buildpacks are in /buildpacks, the apps in /apps; /cnb is for the layers and the app.
"""
import glob
import http.server
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import tomllib
import urllib.request

LAYERS, WORKSPACE, PORT = "/cnb/layers", "/cnb/workspace", "5000"


def environment(buildpack, plan, variables):
    return {
        "PATH": os.environ["PATH"], "HOME": "/tmp", "LANG": "C.UTF-8", **variables,
        "CNB_BUILDPACK_DIR": f"/buildpacks/{buildpack}", "CNB_LAYERS_DIR": f"{LAYERS}/{buildpack}",
        "CNB_PLATFORM_DIR": "/cnb/platform", "CNB_BUILD_PLAN_PATH": plan, "CNB_BP_PLAN_PATH": plan,
    }


def run(buildpack, phase, folder, variables):
    with tempfile.NamedTemporaryFile() as plan:
        program = f"/buildpacks/{buildpack}/bin/{phase}"
        variables = environment(buildpack, plan.name, variables)
        return subprocess.run([program], cwd=folder, env=variables, stderr=subprocess.STDOUT).returncode


def detect():
    buildpacks = sorted(os.path.basename(os.path.dirname(path)) for path in glob.glob("/buildpacks/*/buildpack.toml"))
    for app in sorted(os.listdir("/apps")):
        found = [name for name in buildpacks if run(name, "detect", f"/apps/{app}", {}) == 0]
        print(f"{app}: {' '.join(found)}")


def restore(buildpack):
    """What a lifecycle keeps of the layers: those to be cached, without their types."""
    layers = f"{LAYERS}/{buildpack}"
    os.makedirs(layers, exist_ok=True)
    for name in os.listdir(layers):
        path = f"{layers}/{name}"
        if not name.endswith(".toml"):
            continue
        with open(path, "rb") as file:
            layer = tomllib.load(file)
        if layer.get("types", {}).get("cache"):
            with open(path, "w") as file:
                file.write("[metadata]\n" + "".join(f'{k} = "{v}"\n' for k, v in layer.get("metadata", {}).items()))
        else:
            os.remove(path)
            shutil.rmtree(path[:-5], ignore_errors=True)


NPM = """#!/usr/bin/env node
// Stands in for npm: says what it is told, and makes a package.
const fs = require("fs");
console.log("npm " + process.argv.slice(2).join(" "));
if (process.argv[2] === "install") {
    fs.mkdirSync("node_modules/greeting", { recursive: true });
    fs.writeFileSync("node_modules/greeting/index.js", 'module.exports = "Hello from an installed package"');
}
"""


class Registry(http.server.BaseHTTPRequestHandler):
    """A registry of packages that has nothing but the npm above."""

    def do_GET(self):
        if not self.path.startswith("/npm/-/npm-"):
            self.send_error(404)
            return
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            for name, text in {"package.json": '{"bin": {"npm": "bin/npm.js"}}', "bin/npm.js": NPM}.items():
                entry = tarfile.TarInfo(f"package/{name}")
                entry.size = len(text)
                tar.addfile(entry, io.BytesIO(text.encode()))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(archive.getvalue())

    def log_message(self, *_):
        pass


def build(buildpack, app, *settings):
    if any(setting.endswith(":4873") for setting in settings):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 4873), Registry)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    shutil.rmtree(WORKSPACE, ignore_errors=True)
    shutil.copytree(f"/apps/{app}", WORKSPACE)
    restore(buildpack)
    variables = dict(setting.split("=", 1) for setting in settings)
    status = run(buildpack, "detect", WORKSPACE, variables)
    status = status or run(buildpack, "build", WORKSPACE, variables)
    print(f"build of {app} ended with {status}", flush=True)
    for path in glob.glob(f"{LAYERS}/{buildpack}/launch.toml"):
        with open(path, "rb") as file:
            for label in tomllib.load(file).get("labels", []):
                print(f"label {label['key']}={label['value']}", flush=True)


def refuse(*pairs):
    for buildpack, app in (pair.split(":") for pair in pairs):
        shutil.rmtree(LAYERS, ignore_errors=True)
        print(f"=== {app}", flush=True)
        build(buildpack, app)


def launch_environment():
    variables = {"PATH": os.environ["PATH"], "HOME": "/tmp", "PORT": PORT}
    for path in sorted(glob.glob(f"{LAYERS}/*/*.toml")):
        with open(path, "rb") as file:
            if not tomllib.load(file).get("types", {}).get("launch"):
                continue
        layer = path[:-5]
        if os.path.isdir(f"{layer}/bin"):
            variables["PATH"] = f"{layer}/bin:{variables['PATH']}"
        for file in sorted(glob.glob(f"{layer}/env/*") + glob.glob(f"{layer}/env.launch/*")):
            name, suffix = os.path.basename(file).rsplit(".", 1)
            value = open(file).read()
            if suffix == "override":
                variables[name] = value
            elif suffix == "default":
                variables.setdefault(name, value)
            elif suffix == "prepend":
                variables[name] = f"{value}:{variables[name]}" if name in variables else value
    return variables


def answer(deadline):
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=2) as response:
                return response.read().decode()
        except OSError as problem:
            if time.monotonic() > deadline:
                return f"no answer: {problem}\n"
            time.sleep(0.05)


def serve(type="web"):
    processes = {}
    for path in glob.glob(f"{LAYERS}/*/launch.toml"):
        with open(path, "rb") as file:
            processes |= {process["type"]: process["command"] for process in tomllib.load(file).get("processes", [])}
    process = subprocess.Popen(processes[type], cwd=WORKSPACE, env=launch_environment(), start_new_session=True)
    if type == "web":
        print("answer:", answer(time.monotonic() + 20), end="", flush=True)
        os.killpg(process.pid, signal.SIGTERM)
    process.wait()


{"detect": detect, "build": build, "refuse": refuse, "serve": serve}[sys.argv[1]](*sys.argv[2:])
