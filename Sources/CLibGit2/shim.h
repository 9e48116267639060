#pragma once
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <malloc.h>
#include <sys/types.h>

/* git_libgit2_opts is variadic and so invisible to Swift: one wrapper for each shape of its arguments. */

static inline int martlet_git_set_flag(int option, int enabled) {
    return git_libgit2_opts(option, enabled);
}

static inline int martlet_git_set_size(int option, size_t size) {
    return git_libgit2_opts(option, size);
}

static inline int martlet_git_set_cache_size(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int martlet_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}
