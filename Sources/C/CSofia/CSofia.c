// The only file that includes sofia's headers. Copies nothing, decides nothing: tags in, flat structs out.
#include "CSofia.h"

struct sofia_loop;
struct sofia_agent;
typedef struct {
    sofia_job job;
    void *arg;
} loop_job;
#define SU_ROOT_MAGIC_T struct sofia_loop
#define SU_MSG_ARG_T loop_job
#define NUA_MAGIC_T struct sofia_agent
#define NUA_HMAGIC_T void

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nua.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_wait.h>
#include <sofia-sip/tport_tag.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define MIRROR(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), #ours)
MIRROR(sofia_i_error, nua_i_error);
MIRROR(sofia_i_invite, nua_i_invite);
MIRROR(sofia_i_cancel, nua_i_cancel);
MIRROR(sofia_i_ack, nua_i_ack);
MIRROR(sofia_i_terminated, nua_i_terminated);
MIRROR(sofia_i_state, nua_i_state);
MIRROR(sofia_i_bye, nua_i_bye);
MIRROR(sofia_i_options, nua_i_options);
MIRROR(sofia_i_prack, nua_i_prack);
MIRROR(sofia_i_info, nua_i_info);
MIRROR(sofia_i_update, nua_i_update);
MIRROR(sofia_r_shutdown, nua_r_shutdown);
MIRROR(sofia_r_invite, nua_r_invite);
MIRROR(sofia_state_terminating, nua_callstate_terminating);

// MARK: The loop

struct sofia_loop {
    // Atomic, for it is made on the loop's thread and read on others.
    _Atomic(su_root_t *) root;
    sem_t started;
};

static void silent(void *stream, char const *format, va_list arguments) {}

sofia_loop *sofia_loop_create(void) {
    sofia_loop *loop = calloc(1, sizeof *loop);
    if (loop) sem_init(&loop->started, 0, 0);
    return loop;
}

int sofia_loop_run(sofia_loop *loop) {
    prctl(PR_SET_NAME, "signalling");
    su_init();  // also ignores SIGPIPE
    su_log_redirect(NULL, silent, NULL);
    su_root_t *root = su_root_create(loop);
    if (root) su_root_threading(root, 0);
    loop->root = root;
    sem_post(&loop->started);
    if (!root) return -1;
    su_root_run(root);
    return 0;
}

int sofia_loop_wait(sofia_loop *loop) {
    while (sem_wait(&loop->started) != 0) {}
    sem_post(&loop->started);
    return loop->root ? 0 : -1;
}

static void run_job(sofia_loop *loop, su_msg_r message, loop_job *job) { job->job(job->arg); }

int sofia_loop_post(sofia_loop *loop, sofia_job job, void *arg) {
    su_msg_r message = SU_MSG_R_INIT;
    if (su_msg_create(message, su_root_task(loop->root), su_task_null, run_job, sizeof(loop_job)) != 0) return -1;
    loop_job *data = su_msg_data(message);
    data->job = job;
    data->arg = arg;
    return su_msg_send(message);
}

struct sofia_watch {
    sofia_job ready;
    void *arg;
    int index;
};

static int on_ready(sofia_loop *loop, su_wait_t *wait, su_wakeup_arg_t *arg) {
    sofia_watch *watch = arg;
    watch->ready(watch->arg);
    return 0;
}

sofia_watch *sofia_loop_watch(sofia_loop *loop, int fd, sofia_job ready, void *arg) {
    sofia_watch *watch = calloc(1, sizeof *watch);
    if (!watch) return NULL;
    watch->ready = ready;
    watch->arg = arg;
    su_wait_t wait[1] = {SU_WAIT_INIT};
    if (su_wait_create(wait, fd, SU_WAIT_IN) == 0) {
        watch->index = su_root_register(loop->root, wait, on_ready, watch, 0);
        if (watch->index > 0) return watch;
    }
    free(watch);
    return NULL;
}

void sofia_loop_unwatch(sofia_loop *loop, sofia_watch *watch) {
    su_root_deregister(loop->root, watch->index);
    free(watch);
}

int sofia_timer_open(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }

void sofia_timer_set(int fd, int64_t nanoseconds) {
    if (nanoseconds < 1) nanoseconds = 1;  // 0 would switch it off
    struct itimerspec when = {.it_value = {nanoseconds / 1000000000, nanoseconds % 1000000000}};
    timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
}

void sofia_timer_clear(int fd) {
    uint64_t expirations;
    (void)!read(fd, &expirations, sizeof expirations);
}

// MARK: Events

struct sofia_agent {
    nua_t *nua;
    sofia_handler handler;
    void *context;
};

static const char ALLOW[] = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, INFO, UPDATE";
// Those that we answer ourselves; the rest of ALLOW is answered by the stack.
static const char OURS[] = "INVITE, INFO, OPTIONS, UPDATE";

static const char *unknown_header(sip_t const *sip, const char *name) {
    for (sip_unknown_t const *u = sip->sip_unknown; u; u = u->un_next)
        if (u->un_name && strcasecmp(u->un_name, name) == 0) return u->un_value;
    return NULL;
}

static int wants_privacy(sip_t const *sip) {
    if (!sip->sip_privacy || !sip->sip_privacy->priv_values) return 0;
    for (msg_param_t const *value = sip->sip_privacy->priv_values; *value; value++)
        if (!strcasecmp(*value, "id") || !strcasecmp(*value, "user") || !strcasecmp(*value, "header")) return 1;
    return 0;
}

static void copy_message(sofia_event *event, sip_t const *sip) {
    event->has_message = 1;
    if (sip->sip_request) {
        event->request_user = sip->sip_request->rq_url->url_user;
        event->request_host = sip->sip_request->rq_url->url_host;
    }
    if (sip->sip_from) {
        event->from_display = sip->sip_from->a_display;
        event->from_user = sip->sip_from->a_url->url_user;
        event->from_host = sip->sip_from->a_url->url_host;
    }
    if (sip->sip_to) {
        event->to_display = sip->sip_to->a_display;
        event->to_user = sip->sip_to->a_url->url_user;
        event->to_host = sip->sip_to->a_url->url_host;
    }
    if (sip->sip_call_id) event->call_id = sip->sip_call_id->i_id;
    event->asserted_identity = unknown_header(sip, "P-Asserted-Identity");
    event->privacy_wanted = wants_privacy(sip);
    if (sip->sip_content_type) event->content_type = sip->sip_content_type->c_type;
    if (sip->sip_content_encoding && sip->sip_content_encoding->k_items)
        event->content_encoding = sip->sip_content_encoding->k_items[0];
    if (sip->sip_payload) {
        event->body = sip->sip_payload->pl_data;
        event->body_length = sip->sip_payload->pl_len;
    }
    if (sip->sip_reason) {
        event->reason_protocol = sip->sip_reason->re_protocol;
        event->reason_cause = sip->sip_reason->re_cause;
        event->reason_text = sip->sip_reason->re_text;
    }
    if (sip->sip_via && sip->sip_via->v_protocol)
        event->over_tcp = strcasecmp(sip->sip_via->v_protocol, "SIP/2.0/TCP") == 0;
    event->allows_update = sip->sip_allow && sip_is_allowed(sip->sip_allow, SIP_METHOD_UPDATE);
    if (sip->sip_session_expires) {
        event->session_expires = sip->sip_session_expires->x_delta;
        event->session_refresher = sip->sip_session_expires->x_refresher;
    }
}

static void on_event(nua_event_t kind, int status, char const *phrase, nua_t *nua, nua_magic_t *agent,
                     nua_handle_t *handle, nua_hmagic_t *token, sip_t const *sip, tagi_t tags[]) {
    sofia_event event = {
        .kind = kind, .status = status, .phrase = phrase, .handle = handle, .token = (uintptr_t)token};
    char source[NI_MAXHOST] = "";
    if (sip) {
        copy_message(&event, sip);
        su_sockaddr_t address;
        socklen_t length = sizeof address;
        msg_t *message = nua_current_request(nua);
        if (message && msg_get_address(message, &address, &length) == 0 &&
            getnameinfo(&address.su_sa, length, source, sizeof source, NULL, 0, NI_NUMERICHOST) == 0) {
            event.source_ip = source;
            event.source_port = ntohs(address.su_port);
        }
    }
    if (kind == nua_i_state) {
        int state = -1;
        tl_gets(tags, NUTAG_CALLSTATE_REF(state), TAG_END());
        event.call_state = state;
    }
    agent->handler(agent->context, &event);
}

// MARK: Agents

sofia_agent *sofia_agent_create(sofia_loop *loop, const sofia_agent_options *o, sofia_handler handler, void *context) {
    sofia_agent *agent = calloc(1, sizeof *agent);
    if (!agent) return NULL;
    agent->handler = handler;
    agent->context = context;
    agent->nua = nua_create(
        loop->root, on_event, agent,
        NUTAG_URL(o->url),
        NUTAG_MEDIA_ENABLE(0),
        SIPTAG_USER_AGENT_STR(o->user_agent),
        SIPTAG_ALLOW_STR(ALLOW),
        NUTAG_APPL_METHOD(NULL),
        NUTAG_APPL_METHOD(OURS),
        SIPTAG_SUPPORTED_STR("timer, 100rel"),
        NUTAG_AUTOALERT(0),
        NUTAG_AUTOANSWER(0),
        NUTAG_ENABLEMESSAGE(0),
        NUTAG_SESSION_TIMER(o->session_expires),
        NUTAG_MIN_SE(o->min_se),
        NUTAG_UPDATE_REFRESH(1),         // an INVITE for refresh would come without SDP
        NUTAG_INVITE_TIMER(180),         // seconds; like a proxy's timer C, RFC 3261 §16.6
        NUTAG_MAX_RETRY_AFTER(0),        // whether a refused request is repeated is not for the stack to decide
        NUTAG_DETECT_NETWORK_UPDATES(0),
        NUTAG_OUTBOUND("no-validate no-options-keepalive"),
        NTATAG_MAXSIZE(131072),          // 64 KB of body and as much of headers; more is answered 413
        NTATAG_UDP_MTU(65535),           // no change to TCP for large requests: many peers have UDP only
        TPTAG_STUN_SERVER(0),
        TPTAG_TIMEOUT(30000),            // ms: a message begun on TCP is finished by then
        TPTAG_IDLE(7200000),             // ms: longer than any session refresh
        TAG_END());
    if (!agent->nua) {
        free(agent);
        return NULL;
    }
    return agent;
}

void sofia_agent_shutdown(sofia_agent *agent) { nua_shutdown(agent->nua); }

void sofia_agent_destroy(sofia_agent *agent) {
    nua_destroy(agent->nua);
    free(agent);
}

// MARK: Handles

void *sofia_handle_create(sofia_agent *agent, uint64_t token, const char *to, const char *from) {
    return nua_handle(agent->nua, (void *)(uintptr_t)token, SIPTAG_TO_STR(to), SIPTAG_FROM_STR(from), TAG_END());
}

void sofia_bind(void *handle, uint64_t token) { nua_handle_bind(handle, (void *)(uintptr_t)token); }

void sofia_release(void *handle) { nua_handle_destroy(handle); }

void *sofia_hold_request(sofia_agent *agent) {
    msg_t *message = nua_current_request(agent->nua);
    return message ? msg_ref_create(message) : NULL;
}

void sofia_drop_request(void *request) { msg_destroy(request); }

#define SDP(text) TAG_IF(text, SIPTAG_CONTENT_TYPE_STR("application/sdp")), TAG_IF(text, SIPTAG_PAYLOAD_STR(text))

void sofia_respond(const sofia_response *r) {
    char const *phrase = sip_status_phrase(r->status);  // nua keeps the pointer: static strings only
    nua_respond(r->handle, r->status, phrase ? phrase : "Refused",
                TAG_IF(r->request, NUTAG_WITH(r->request)),
                TAG_IF(r->contact, SIPTAG_CONTACT_STR(r->contact)),
                TAG_IF(r->accept, SIPTAG_ACCEPT_STR(r->accept)),
                TAG_IF(r->allow, SIPTAG_ALLOW_STR(r->allow)),
                TAG_IF(r->retry_after, SIPTAG_RETRY_AFTER_STR(r->retry_after)),
                TAG_IF(r->warning, SIPTAG_WARNING_STR(r->warning)),
                SDP(r->sdp),
                TAG_END());
}

void sofia_invite(void *handle, const char *contact, const char *sdp, int automatic_ack) {
    nua_invite(handle, NUTAG_AUTOACK(automatic_ack), TAG_IF(contact, SIPTAG_CONTACT_STR(contact)), SDP(sdp), TAG_END());
}

void sofia_ack(void *handle, const char *sdp) { nua_ack(handle, SDP(sdp), TAG_END()); }

void sofia_bye(void *handle, const char *reason) {
    nua_bye(handle, TAG_IF(reason, SIPTAG_REASON_STR(reason)), TAG_END());
}

void sofia_cancel(void *handle, const char *reason) {
    nua_cancel(handle, TAG_IF(reason, SIPTAG_REASON_STR(reason)), TAG_END());
}

// MARK: Addresses

static struct addrinfo *numeric(const char *ip, const char *port, int type) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = type}, *found = NULL;
    return getaddrinfo(ip, port, &hints, &found) == 0 ? found : NULL;
}

int sofia_local_address(const char *remote_ip, char *buffer, size_t size) {
    struct addrinfo *to = numeric(remote_ip, "5060", SOCK_DGRAM);
    if (!to) return -1;
    int result = -1, fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_storage local;
    socklen_t length = sizeof local;
    if (fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) == 0 &&
        getsockname(fd, (struct sockaddr *)&local, &length) == 0 &&
        getnameinfo((struct sockaddr *)&local, length, buffer, size, NULL, 0, NI_NUMERICHOST) == 0)
        result = 0;
    if (fd >= 0) close(fd);
    freeaddrinfo(to);
    return result;
}

static int bound(struct addrinfo *to, int type, uint16_t *port) {
    int fd = socket(to->ai_family, type | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct sockaddr_storage address;
    socklen_t length = to->ai_addrlen;
    memcpy(&address, to->ai_addr, length);
    in_port_t *place = to->ai_family == AF_INET6 ? &((struct sockaddr_in6 *)&address)->sin6_port
                                                 : &((struct sockaddr_in *)&address)->sin_port;
    *place = htons(*port);
    if (bind(fd, (struct sockaddr *)&address, length) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(*place);
    return fd;
}

uint16_t sofia_free_port(const char *ip) {
    struct addrinfo *to = numeric(ip, "0", SOCK_DGRAM);
    if (!to) return 0;
    uint16_t port = 0;
    for (int attempt = 0; attempt < 50; attempt++) {
        port = 0;
        int udp = bound(to, SOCK_DGRAM, &port);
        int tcp = udp < 0 ? -1 : bound(to, SOCK_STREAM, &port);
        if (udp >= 0) close(udp);
        if (tcp >= 0) close(tcp);
        if (tcp >= 0) break;
        port = 0;
    }
    freeaddrinfo(to);
    return port;
}
