/// What git's clients do with a repository, as a script. It is called with an upload-pack command, a version of the
/// protocol and an empty folder, and prints what came of each step: the same, whoever serves.
enum FetchScenario {
    static let script = """
        export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_TERMINAL_PROMPT=0 LC_ALL=C
        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
        UP=$1; cd "$3"; t=1700000000; S=$PWD/server.git
        G() { git -c protocol.version=$V "$@"; }
        V=$2
        dated() { GIT_AUTHOR_DATE="$t +0000" GIT_COMMITTER_DATE="$t +0000" "$@"; }
        commit() { t=$((t + 1000)); echo "$1 $t" > "$1"; git add .; dated git commit -q -m "$1 $t"; }
        \(setUp)
        # Every reference, where the history ends, all objects reached, and that git finds nothing wrong.
        state() {
            git -C $1 for-each-ref; git -C $1 symbolic-ref HEAD; git -C $1 fsck --full 2>&1 | grep -v dangling
            sort $1/.git/shallow $1/shallow 2> /dev/null | sed 's/^/shallow /'
            git -C $1 rev-list --objects --all --no-object-names | sort | sha1sum
        }
        run() {
            "$@" > out 2> err; echo "exit $?"; cat out
            grep -E '^(error|fatal):|\\[|->' err | grep -v 'Could not read'
        }
        clone() { echo "# clone $*"; run G clone -q --upload-pack="$UP" "$@"; state "${@: -1}"; }
        fetch() { echo "# fetch $*"; local d=$1; shift; run G -C $d fetch --upload-pack="$UP" "$@"; state $d; }
        list() { echo "# ls-remote $*"; run G ls-remote --upload-pack="$UP" "$@"; }
        # More commits on the server's main.
        grow() {
            local b=$(git -C $S rev-parse main) i
            for i in $(seq $1); do t=$((t + 1)); b=$(dated git -C $S commit-tree -m $t -p $b main^{tree}); done
            git -C $S update-ref refs/heads/main $b
        }
        # Commits in a clone that the server does not have.
        local_commits() {
            for i in $(seq $2); do t=$((t + 1)); dated git -C $1 commit -q --allow-empty -m "local $t"; done
        }
        \(steps)
        """

    /// A history with a merge, an orphan, tags of tags, of a blob, and a hidden commit.
    private static let setUp = """
        git init -q -b main work; cd work
        for i in 1 2 3 4 5; do commit file; done
        git checkout -q -b side HEAD~2; commit side; commit side2
        git checkout -q main; commit file; dated git merge -q --no-edit side; commit file
        dated git tag -a -m v1 v1 HEAD~1; git tag light HEAD~2; dated git tag -a -m v2 v2 v1
        git tag blob $(git rev-parse HEAD:file)
        git checkout -q -b other HEAD~4; commit other
        git checkout -q --orphan island; commit island; git checkout -q main
        cd ..; git clone -q --mirror work server.git; git -C $S config transfer.hideRefs refs/martlet
        git -C $S config receive.denyCurrentBranch ignore
        hidden=$(dated git -C $S commit-tree -m hidden -p main main^{tree}); git -C $S update-ref refs/martlet/x $hidden
        """

    private static let steps = """
        list $S; list --symref $S HEAD; list --tags $S; list $S 'refs/martlet/*'
        clone $S all; clone --mirror $S mirror; clone -b v1 $S at-tag
        clone --single-branch -b side $S single; clone --single-branch --no-tags $S no-tags
        for d in 1 2 3 4; do clone --depth $d file://$S depth-$d; done
        clone --depth 2 --no-single-branch file://$S branches
        clone --shallow-since=1700006500 file://$S since; clone --shallow-since=2000000000 file://$S never
        clone --shallow-exclude=light file://$S without; clone --shallow-exclude=none file://$S ambiguous
        fetch depth-1 --deepen=1 origin; fetch depth-1 --deepen=2 origin; fetch depth-2 --depth=4 origin
        fetch depth-4 --depth=2 origin; fetch depth-3 --unshallow origin
        fetch depth-1 --shallow-since=1700003500 origin; fetch branches --shallow-exclude=light origin main
        grow 3; fetch all origin; fetch depth-2 origin; fetch depth-4 --depth=1 origin; fetch mirror origin
        dated git -C $S tag -a -m v3 v3 main
        local_commits all 40; grow 40; fetch all origin; fetch all origin; fetch no-tags --tags origin
        git init -q strange; local_commits strange 40; fetch strange $S main:refs/remotes/x/main
        fetch single -k $S refs/tags/v3:refs/tags/v3
        echo "# negotiate"; run git -c protocol.version=2 -C all fetch --upload-pack="$UP" --negotiate-only \\
            --negotiation-tip=HEAD origin
        git init -q --bare -b trunk empty.git; list $PWD/empty.git; clone $PWD/empty.git nothing
        """
}
