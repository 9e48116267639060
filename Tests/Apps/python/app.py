"""A small web app: greets, and says which release it is and how it is."""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class App(BaseHTTPRequestHandler):
    def do_GET(self):
        text = "ok" if self.path == "/up" else f"Hello from Python, release {os.environ['MARTLET_RELEASE']}\n"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())


ThreadingHTTPServer(("", int(os.environ["PORT"])), App).serve_forever()
