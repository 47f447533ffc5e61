// OpenSSL 3: the headers, and what Swift cannot call (macros and variadics) as functions.
#pragma once
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/time.h>

/// A new P-256 key; NULL when out of memory or entropy.
static inline EVP_PKEY *COpenSSL_newP256Key(void) { return EVP_EC_gen("P-256"); }

static inline int COpenSSL_useDTLS12Only(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1
        && SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1;
}

static inline int COpenSSL_setGroups(SSL_CTX *context, const char *list) {
    return (int)SSL_CTX_set1_groups_list(context, list);
}

static inline void COpenSSL_withoutSessionCache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void COpenSSL_setMTU(SSL *session, long bytes) { SSL_set_mtu(session, bytes); }

/// 1: retransmitted, 0: the timer has not expired, below: given up.
static inline long COpenSSL_handleTimeout(SSL *session) { return DTLSv1_handle_timeout(session); }

// A DTLS session's timer; here, because which module `timeval` belongs to depends on what was compiled first.

/// OpenSSL measures by the wall clock: one microsecond after 1970 is past, and differs from zero, which means no timer.
static inline void COpenSSL_expire(struct timeval *timer) { *timer = (struct timeval){.tv_sec = 0, .tv_usec = 1}; }

static inline int COpenSSL_isSet(const struct timeval *timer) { return timer->tv_sec != 0 || timer->tv_usec != 0; }

/// Thirty years later.
static inline void COpenSSL_putOff(struct timeval *timer) { timer->tv_sec += 1000000000; }

static inline void COpenSSL_setRetryRead(BIO *bio) { BIO_set_retry_read(bio); }

static inline void COpenSSL_clearRetry(BIO *bio) { BIO_clear_retry_flags(bio); }

/// The options of every media session. No query of the path's MTU: our BIO has no socket.
static inline void COpenSSL_setMediaOptions(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION
                                     | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}
