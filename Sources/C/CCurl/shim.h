// libcurl's SMTP (RFC 5321, STARTTLS of RFC 3207) as one function: setopt and getinfo are variadic, which Swift cannot call.
#pragma once
#include <curl/curl.h>
#include <stdint.h>
#include <string.h>

/// One letter and the server that takes it. All pointers belong to the caller for the time of the call.
typedef struct {
    const char *url;       // smtp:// or smtps://
    int needsTLS;          // 0: plain, for a server on this machine
    const char *trust;     // PEM of the authorities to trust; NULL: the system's
    const char *user;      // NULL: nobody logs in
    const char *password;
    const char *from;      // both without brackets
    const char *to;
    const uint8_t *text;   // headers and body with CR LF; libcurl doubles dots (RFC 5321 §4.5.2)
    size_t size;
    long seconds;          // for all of it
    int (*isStopped)(void *owner);
    void *owner;
} CCurl_Letter;

typedef struct {
    CURLcode code;
    long status;           // of the server's last reply; 0: none came
} CCurl_Outcome;

typedef struct {
    const CCurl_Letter *letter;
    size_t position;
} CCurl_Reading;

static size_t CCurl_read(char *into, size_t size, size_t count, void *context) {
    CCurl_Reading *reading = (CCurl_Reading *)context;
    size_t rest = reading->letter->size - reading->position;
    size_t part = size * count < rest ? size * count : rest;
    memcpy(into, reading->letter->text + reading->position, part);
    reading->position += part;
    return part;
}

static int CCurl_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const CCurl_Letter *letter = ((CCurl_Reading *)context)->letter;
    (void)a, (void)b, (void)c, (void)d;
    return letter->isStopped(letter->owner);
}

/// Once in a process, before anything else.
static inline CURLcode CCurl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

/// Waits until the server has taken the letter or has not, or the time is over, or `isStopped` says so (asked about once a
/// second).
static inline CCurl_Outcome CCurl_send(const CCurl_Letter *letter) {
    CCurl_Outcome outcome = {CURLE_FAILED_INIT, 0};
    CURL *curl = curl_easy_init();
    struct curl_slist *recipients = curl_slist_append(NULL, letter->to);
    if (curl != NULL && recipients != NULL) {
        CCurl_Reading reading = {letter, 0};
        curl_easy_setopt(curl, CURLOPT_URL, letter->url);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        // No proxy of the environment, no signals in a program with threads.
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, letter->seconds);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 20L);
        curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(letter->needsTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE));
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        if (letter->trust != NULL) curl_easy_setopt(curl, CURLOPT_CAINFO, letter->trust);
        if (letter->user != NULL) {
            curl_easy_setopt(curl, CURLOPT_USERNAME, letter->user);
            curl_easy_setopt(curl, CURLOPT_PASSWORD, letter->password);
        }
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, letter->from);
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)letter->size);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, CCurl_read);
        curl_easy_setopt(curl, CURLOPT_READDATA, &reading);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, CCurl_progress);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &reading);
        outcome.code = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &outcome.status);
    }
    curl_slist_free_all(recipients);
    if (curl != NULL) curl_easy_cleanup(curl);
    return outcome;
}
