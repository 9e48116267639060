#!/bin/bash
# Plays FOLDER/in to real git and to the program under test, each with a fresh copy of the server's repository.
# Usage: play.sh WORLD FOLDER PREPARE PROGRAM…   Leaves FOLDER/{git,ours}.{out,err,status,refs,fsck,rest}
# A server may take SECONDS_ALLOWED. The input ends with the file unless HOLD is set; then it stays open.
world=$1 folder=$2 prepare=$3
shift 3
export LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 HOME=/nonexistent
export GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@d

play() {
    local side=$1 repository=$folder/$1.git
    shift
    cp -r "$world/server.git" "$repository"
    (cd "$repository" && eval "$prepare") > /dev/null || exit 99
    if [ -n "$HOLD" ]; then
        mkfifo "$folder/$side.fifo"
        # Held open for writing here, so that no end ever comes.
        exec 9<> "$folder/$side.fifo"
        cat "$folder/in" > "$folder/$side.fifo" 9>&- &
        timeout --kill-after=5 $SECONDS_ALLOWED "$@" "$repository" < "$folder/$side.fifo" 9>&- > "$folder/$side.out" 2> "$folder/$side.err"
    else
        timeout --kill-after=5 $SECONDS_ALLOWED "$@" "$repository" < "$folder/in" > "$folder/$side.out" 2> "$folder/$side.err"
    fi
    echo $? > "$folder/$side.status"
    git -C "$repository" for-each-ref --format='%(objectname) %(refname) %(symref)' > "$folder/$side.refs" 2> /dev/null
    git -C "$repository" fsck --full --no-dangling --no-progress > "$folder/$side.fsck" 2>&1
    echo "fsck $?" >> "$folder/$side.fsck"
    (cd "$repository" && find . -name '*.lock' -o -name 'incoming-*' -o -name 'tmp_*' -o -name '*.tmp') > "$folder/$side.rest"
    return 0
}

play git git receive-pack &
play ours "$@" &
wait
