# Martlet's front door. Every target installs what it needs (Debian 12/13, Ubuntu 24.04) and may be run again.
.PHONY: up demo down build test lint bench fuzz sanitize

build:
	@etc/install-packages
	swift build --product martlet

# Starts PostgreSQL, Docker, nginx and the daemon, and enrols your SSH key.
up: build
	@etc/up

# The main job: `up`, then a sample app is pushed over SSH and its page fetched.
demo: up
	@etc/demo

# Stops everything that `up` started; data stays.
down:
	@etc/down

test:
	@etc/install-packages --tests
	@etc/test

lint:
	@etc/install-packages
	@etc/lint

# Builds with optimization and compares with OpenSSH and git, each figure a ratio.
bench:
	@etc/install-packages --tests
	@etc/bench

# Feeds the parsers with made-up input, FUZZ_SECONDS (30) each.
fuzz:
	@etc/install-packages --tests
	@etc/fuzz

# Runs the unit tests under the address sanitizer and the thread sanitizer.
sanitize:
	@etc/install-packages --tests
	@etc/sanitize
