#pragma once
#include <spandsp.h>
/// The layout of G.722's states: as Swift values they need no memory of their own, and one can go on where another was.
#include <spandsp/private/g722.h>
