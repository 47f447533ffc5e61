// libsrtp 2: nothing that Swift cannot call.
#pragma once
#include <srtp2/srtp.h>
