/// What the docker client 20.10.24 printed with `--progress=plain`.
enum RecordedOutput {
    static let missingImage = """
        #1 [internal] load build definition from Dockerfile
        #1 sha256:8aa41fcfd181
        #1 transferring dockerfile: 66B done
        #1 DONE 0.0s

        #2 [internal] load .dockerignore
        #2 sha256:6dc327b9ea53
        #2 transferring context: 2B done
        #2 DONE 0.0s

        #3 [internal] load metadata for docker.io/nosuch/image:1
        #3 sha256:d6051da5b367
        #3 ERROR: failed to do request: Head "https://registry.example/v2/nosuch/image/manifests/1": dial tcp: lookup registry.example on 192.0.2.53:53: no such host
        ------
         > [internal] load metadata for docker.io/nosuch/image:1:
        ------
        failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: Head "https://registry.example/v2/nosuch/image/manifests/1": dial tcp: lookup registry.example on 192.0.2.53:53: no such host
        """

    static let syntaxLine = """
        #1 [internal] load build definition from Dockerfile
        #1 sha256:f87cb3a55fd5
        #1 transferring dockerfile: 96B done
        #1 DONE 0.0s

        #2 [internal] load .dockerignore
        #2 sha256:ea7b0912d117
        #2 transferring context: 2B done
        #2 DONE 0.0s

        #3 resolve image config for docker.io/docker/dockerfile:1
        #3 sha256:ac072d521901
        #3 ERROR: failed to do request: Head "https://registry.example/v2/docker/dockerfile/manifests/1": dial tcp: lookup registry.example on 192.0.2.53:53: no such host
        ------
         > resolve image config for docker.io/docker/dockerfile:1:
        ------
        failed to solve with frontend dockerfile.v0: failed to solve with frontend gateway.v0: failed to do request: Head "https://registry.example/v2/docker/dockerfile/manifests/1": dial tcp: lookup registry.example on 192.0.2.53:53: no such host
        """

    static let missingFile = """
        #4 [1/2] FROM docker.io/martlet/busybox
        #4 sha256:a6333b1a39b3
        #4 CACHED

        #5 [internal] load build context
        #5 sha256:4ce8c7a58755
        #5 transferring context: 2B done
        #5 DONE 0.0s

        #6 [2/2] COPY nofile /x
        #6 sha256:3ee76a96c7f8
        #6 ERROR: "/nofile" not found: not found
        ------
         > [2/2] COPY nofile /x:
        ------
        failed to compute cache key: "/nofile" not found: not found
        """

    static let ignoredFile = """
        #4 [2/2] COPY ignored /x
        #4 sha256:6f99b6e456dc
        #4 ERROR: "/ignored" not found: not found
        ------
         > [2/2] COPY ignored /x:
        ------
        failed to compute cache key: "/ignored" not found: not found
        """

    static let missingCommand = """
        #4 [1/2] FROM docker.io/martlet/busybox
        #4 sha256:a6333b1a39b3
        #4 CACHED

        #5 [2/2] RUN nosuchcommand
        #5 sha256:9cd6cf408ed2
        #5 0.345 /bin/sh: nosuchcommand: not found
        #5 ERROR: executor failed running [/bin/sh -c nosuchcommand]: exit code: 127
        ------
         > [2/2] RUN nosuchcommand:
        ------
        executor failed running [/bin/sh -c nosuchcommand]: exit code: 127
        """

    static let denied = """
        #4 [1/3] FROM docker.io/martlet/busybox
        #4 sha256:a6333b1a39b3
        #4 CACHED

        #5 [internal] load build context
        #5 sha256:248655870d03
        #5 transferring context: 30B done
        #5 DONE 0.0s

        #6 [2/3] COPY a /a
        #6 sha256:654e1aaf2c40
        #6 DONE 0.1s

        #7 [3/3] RUN /a
        #7 sha256:67c9e53d4dee
        #7 0.375 /bin/sh: /a: Permission denied
        #7 ERROR: executor failed running [/bin/sh -c /a]: exit code: 126
        ------
         > [3/3] RUN /a:
        ------
        executor failed running [/bin/sh -c /a]: exit code: 126
        """

    static let missingSecret = """
        #4 [1/2] FROM docker.io/martlet/busybox
        #4 sha256:a6333b1a39b3
        #4 CACHED

        #5 [2/2] RUN --mount=type=secret,id=nope,required=true cat /run/secrets/nope
        #5 sha256:1a9752561d36
        #5 ERROR: secret nope not found: not found
        ------
         > [2/2] RUN --mount=type=secret,id=nope,required=true cat /run/secrets/nope:
        ------
        secret nope not found: not found
        """

    static let unknownInstruction = """
        #1 [internal] load build definition from Dockerfile
        #1 sha256:68164bfb4138
        #1 transferring dockerfile: 65B 0.0s done
        #1 DONE 0.0s

        #2 [internal] load .dockerignore
        #2 sha256:cc9c951b5d60
        #2 transferring context: 34B done
        #2 DONE 0.0s
        failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: FORM
        """

    static let parallelStages = """
        #4 [two 1/2] FROM docker.io/martlet/busybox
        #4 sha256:a6333b1a39b3
        #4 CACHED

        #5 [one 2/2] RUN sleep 0.5; echo one; sleep 0.5; echo one2; sleep 1; echo one3
        #5 sha256:ebcb76015cc5
        #5 1.000 one
        #5 1.501 one2
        #5 ...

        #7 [two 2/2] RUN echo two; sleep 0.8; echo two2; sleep 1; echo two3
        #7 sha256:7445a0814c38
        #7 0.458 two
        #7 1.259 two2
        #7 2.261 two3
        #7 DONE 2.3s

        #5 [one 2/2] RUN sleep 0.5; echo one; sleep 0.5; echo one2; sleep 1; echo one3
        #5 sha256:ebcb76015cc5
        #5 2.502 one3
        #5 DONE 2.5s

        #6 [stage-2 2/3] COPY --from=one /etc/passwd /p1
        #6 sha256:5a03d483cd25
        #6 DONE 0.0s

        #8 [stage-2 3/3] COPY --from=two /etc/passwd /p2
        #8 sha256:43fe3e63962b
        #8 DONE 0.1s

        #9 exporting to image
        #9 sha256:e8c613e07b0b
        #9 exporting layers 0.1s done
        #9 writing image sha256:5c9eaa0db5e6 done
        #9 DONE 0.1s
        """

    static let colours = """
        #4 [1/3] FROM docker.io/martlet/busybox
        #4 sha256:a6333b1a39b3
        #4 CACHED

        #5 [internal] load build context
        #5 sha256:01a47d43a13b
        #5 transferring context: 22B done
        #5 DONE 0.0s

        #6 [2/3] COPY a /a
        #6 sha256:c0ccaea8c591
        #6 DONE 0.1s

        #7 [3/3] RUN echo \u{1B}[31mred\u{1B}[0m; printf "1%%\\r2%%\\n"; printf "no newline"; echo err >&2
        #7 sha256:ebe898e3de75
        #7 0.375 \u{1B}[31mred\u{1B}[0m
        #7 0.375 err
        #7 0.375 1%\r2%
        #7 0.375 no newline#7 DONE 0.4s

        """

    static let missingStage = """
        #1 [internal] load build definition from Dockerfile
        #1 sha256:abeeab58242d
        #1 transferring dockerfile: 31B done
        #1 DONE 0.0s

        #2 [internal] load .dockerignore
        #2 sha256:1510cecb8def
        #2 transferring context: 34B done
        #2 DONE 0.0s
        failed to solve with frontend dockerfile.v0: failed to create LLB definition: target stage nope could not be found
        """
}
