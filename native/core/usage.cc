#include "core/command_line.h"

namespace prefork {

const char* usage_text() {
  return R"(Runs a script whose start-up cost is paid once: the first call starts it, lets it
initialise and keeps it as a server; every later call is served by a fresh fork of it.

usage:
  prefork-interp  [OPTION ...] INTERPRETER  [SCRIPT [ARGUMENT ...]]
  prefork-interp  [OPTION,...],INTERPRETER   SCRIPT [ARGUMENT ...]
  prefork-interp '[OPTION ...] INTERPRETER'  SCRIPT [ARGUMENT ...]

The latter two are what a #! line amounts to.

options:
  -U          unlaundered: the script gets all arguments and the whole environment (required)
  -f          fresh: start a new server; the old one goes away
  --kill      end the server, if there is one; run nothing
  -E VAR      another value of the environment variable VAR means another server
  -G STRING   another STRING means another server
  -g IDENT    IDENT names the server, instead of a hash over all that tells servers apart
  --help      this page

A server belongs to the current directory, the interpreter and the script as they are named, and to
all -E and -G, in their order.

environment variables:
  PREFORK_INTERP_ENGINE=xstate    XState runs the statecharts, in Node; slow, for debugging
  PREFORK_INTERP_OFF=1            no server: run interpreter and script directly
  PREFORK_INTERP_RUN_DIR=DIR      where sockets and locks are: yours alone (mode 0700)
  PREFORK_INTERP_STRICT=1         fail (exit status 127) where no server can be had, rather than
                                  run the script directly
  PREFORK_INTERP_TIMEOUT=SECONDS  how long to wait for a busy server before the script is run
                                  directly

examples:
  #!/usr/bin/prefork-interp -U,/usr/bin/node
  #!/usr/bin/prefork-interp -U -ELANG /usr/bin/perl
  prefork-interp -U node report.js --all
  prefork-interp -U --kill node report.js
)";
}

}  // namespace prefork
