// Sofia-SIP (nua) as a small flat API: one loop thread, agents on it, handles of calls. No other file sees sofia's
// headers. Everything but sofia_loop_post is called on the loop's own thread.
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: The loop

typedef struct sofia_loop sofia_loop;
typedef void (*sofia_job)(void *arg);

sofia_loop *sofia_loop_create(void);
// Runs sofia's root on the calling thread; returns -1 at once when it cannot be made, otherwise never.
int sofia_loop_run(sofia_loop *);
// Any thread: waits until the loop runs; 0, or -1 when it could not start.
int sofia_loop_wait(sofia_loop *);
// Any thread: runs job(arg) on the loop, in order of posting. 0, or -1 when out of memory.
int sofia_loop_post(sofia_loop *, sofia_job job, void *arg);
// Calls ready(arg) whenever fd is readable, until sofia_loop_unwatch. Returns a watch, or NULL.
typedef struct sofia_watch sofia_watch;
sofia_watch *sofia_loop_watch(sofia_loop *, int fd, sofia_job ready, void *arg);
void sofia_loop_unwatch(sofia_loop *, sofia_watch *);

// A timerfd on CLOCK_MONOTONIC: opened, set to an absolute time in nanoseconds, cleared after it became readable.
int sofia_timer_open(void);
void sofia_timer_set(int fd, int64_t nanoseconds);
void sofia_timer_clear(int fd);

// MARK: Events

// nua_event_t, those that we look at.
enum {
    sofia_i_error = 0,
    sofia_i_invite = 1,
    sofia_i_cancel = 2,
    sofia_i_ack = 3,
    sofia_i_terminated = 6,
    sofia_i_state = 7,
    sofia_i_bye = 9,
    sofia_i_options = 10,
    sofia_i_prack = 13,
    sofia_i_info = 14,
    sofia_i_update = 15,
    sofia_r_shutdown = 25,
    sofia_r_invite = 31,
};

// enum nua_callstate, the one that we look at.
enum { sofia_state_terminating = 9 };

// One event. Every pointer is valid only during the callback; NULL where the message has no such thing.
typedef struct {
    int32_t kind;
    int32_t status;
    uint64_t token;               // what sofia_bind gave to the handle; 0: nothing yet
    void *handle;
    const char *phrase;
    int32_t call_state;           // with sofia_i_state
    int32_t has_message;
    const char *request_user;
    const char *request_host;
    const char *from_display, *from_user, *from_host;
    const char *to_display, *to_user, *to_host;
    const char *call_id;
    const char *asserted_identity; // the value of the first P-Asserted-Identity header
    int32_t privacy_wanted;        // Privacy: id, user or header (RFC 3323, RFC 3325)
    const char *content_type;
    const char *content_encoding;
    const char *body;
    size_t body_length;
    const char *reason_protocol, *reason_cause, *reason_text;
    const char *source_ip;
    uint16_t source_port;
    int32_t over_tcp;
    int32_t allows_update;        // the peer's Allow names UPDATE
    uint32_t session_expires;     // seconds; 0: no such header
    const char *session_refresher; // "uac", "uas"
} sofia_event;

typedef void (*sofia_handler)(void *context, const sofia_event *event);

// MARK: Agents

typedef struct sofia_agent sofia_agent;

typedef struct {
    const char *url;              // "sip:127.0.0.1:5060": UDP and TCP
    const char *user_agent;
    uint32_t session_expires;     // seconds
    uint32_t min_se;              // seconds
} sofia_agent_options;

// NULL when the address cannot be bound. The first event may come before this returns.
sofia_agent *sofia_agent_create(sofia_loop *, const sofia_agent_options *, sofia_handler, void *context);
// Ends what runs and then sends sofia_r_shutdown (status 200 or 500 is the last).
void sofia_agent_shutdown(sofia_agent *);
// Only after the last sofia_r_shutdown, and not inside its callback.
void sofia_agent_destroy(sofia_agent *);

// MARK: Handles: one call each

// A handle for an outgoing call. `to` and `from` are complete header values.
void *sofia_handle_create(sofia_agent *, uint64_t token, const char *to, const char *from);
void sofia_bind(void *handle, uint64_t token);
// Gives the handle back. Only when its session is over (sofia_i_terminated) or never was: on a live session whose peer
// gave a broken Contact the stack would abort the process.
void sofia_release(void *handle);

// Keeps the request of the running callback for a later answer; given back with sofia_drop_request.
void *sofia_hold_request(sofia_agent *);
void sofia_drop_request(void *request);

typedef struct {
    void *handle;
    void *request;                // from sofia_hold_request
    int32_t status;
    const char *sdp;
    const char *contact;
    const char *accept;           // Accept, with 415 and OPTIONS
    const char *allow;            // Allow, with OPTIONS
    const char *retry_after;
    const char *warning;
} sofia_response;

void sofia_respond(const sofia_response *);
// With automatic_ack 0 the ACK is sent by sofia_ack.
void sofia_invite(void *handle, const char *contact, const char *sdp, int automatic_ack);
void sofia_ack(void *handle, const char *sdp);
void sofia_bye(void *handle, const char *reason);
void sofia_cancel(void *handle, const char *reason);

// MARK: Addresses

// The address of this machine from which `remote_ip` is reached; 0, or -1 without a route.
int sofia_local_address(const char *remote_ip, char *buffer, size_t size);
// A port that is free for UDP and TCP on `ip` now; 0 when there is none.
uint16_t sofia_free_port(const char *ip);
