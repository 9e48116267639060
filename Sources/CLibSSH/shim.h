#pragma once
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/// Linux's accept with flags, which the C library declares for GNU sources only.
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// libssh marks the message API's accessors deprecated in favour of callbacks, which cannot wait for an answer
// without blocking the session's thread. They are all there in libssh 0.10 and 0.11.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// The public key of a `publickey` request; it belongs to the message.
static inline ssh_key martlet_message_public_key(ssh_message message) {
    return ssh_message_auth_pubkey(message);
}

/// Whether a `publickey` request is a probe (SSH_PUBLICKEY_STATE_NONE) or carried a good signature (_VALID).
static inline int martlet_message_signature_state(ssh_message message) {
    return (int)ssh_message_auth_publickey_state(message);
}

#pragma GCC diagnostic pop

/// Keeps libssh from reading the system's `libssh_server_config`.
static inline int martlet_bind_ignore_system_config(ssh_bind bind) {
    bool process = false;
    return ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &process);
}

/// A text option of a listening context.
static inline int martlet_bind_set_text(ssh_bind bind, enum ssh_bind_options_e option, const char *text) {
    return ssh_bind_options_set(bind, option, text);
}

/// The smallest RSA modulus, in bits, for host keys and for clients' keys.
static inline int martlet_bind_set_rsa_minimum(ssh_bind bind, int bits) {
    return ssh_bind_options_set(bind, SSH_BIND_OPTIONS_RSA_MIN_SIZE, &bits);
}

/// Hands a private key over to the listening context, which frees it.
static inline int martlet_bind_import_key(ssh_bind bind, ssh_key key) {
    return ssh_bind_options_set(bind, SSH_BIND_OPTIONS_IMPORT_KEY, key);
}
