// Functions of glibc 2.36 that its headers show to C with _GNU_SOURCE only, hence not to Swift.
#ifndef MARTLET_CSPAWN_H
#define MARTLET_CSPAWN_H
#include <spawn.h>
#include <sys/types.h>

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int pipe2(int ends[2], int flags);
int memfd_create(const char *name, unsigned int flags);
int pidfd_open(pid_t pid, unsigned int flags);

#endif
