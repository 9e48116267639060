#!/bin/bash
# Pushes and fetches with JGit. Usage: jgit-client.sh push|fetch URL FOLDER; SSH by GIT_SSH, a program.
set -e
action=$1 url=$2 folder=$3
export GIT_AUTHOR_NAME=J GIT_AUTHOR_EMAIL=j@example.org GIT_COMMITTER_NAME=J GIT_COMMITTER_EMAIL=j@example.org
export GIT_CONFIG_GLOBAL=/dev/null
# Debian's jgit leaves a part out of its class path.
jgit() { java -Xshare:auto -XX:TieredStopAtLevel=1 -cp '/usr/share/java/*' org.eclipse.jgit.pgm.Main "$@"; }
push() { echo "+ $*"; jgit push origin "$@" 2>&1 || echo "failed $?"; }
if [ "$action" = push ]; then
    git init -q -b a "$folder"
    cd "$folder"
    git remote add origin "$url"
    echo one > file; git add file; git commit -q -m one; git branch b; git tag -a -m v1 v1
    push refs/heads/a refs/heads/b refs/tags/v1
    seq 50000 > file; git commit -q -a -m two
    push refs/heads/a
    push :refs/heads/b
    push refs/heads/a:refs/heads/c
    push refs/heads/a:refs/heads/a/sub
    echo "head $(git rev-parse a)"
else
    jgit clone --bare "$url" "$folder" > /dev/null
    git -C "$folder" for-each-ref --format='%(objectname) %(refname)'
    git -C "$folder" fsck --full
fi
