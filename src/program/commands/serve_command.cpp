#include "program/commands/command.hpp"
#include "program/server.hpp"

namespace spaces::app {

void add_serve(command_group& to) {
  CLI::App& words = to.add_server("serve", "Serve the API", run_server);
  words.footer(
      "Each flag is also the environment variable named behind it; the flag wins.\n"
      "JWT_SECRET_KEY (environment only): the key that signs access tokens, an RSA private key in PEM or a\n"
      "secret of 32 bytes; unless set, one is made and kept in the data folder.\n"
      "SIGTERM and Ctrl-C finish what is in flight, 10 seconds at most, and close the store.");
}

}  // namespace spaces::app
