#include "program/commands/command_line.hpp"
#include "program/function.hpp"

#ifdef SPACES_STATIC
// Of glibc, for programs that link it statically; no header declares it.
extern "C" int __nss_configure_lookup(const char* database, const char* services);  // NOLINT
#endif

int main(int count, char** words) {
#ifdef SPACES_STATIC
  // A static glibc cannot load what else /etc/nsswitch.conf may name; files and DNS are built in.
  __nss_configure_lookup("hosts", "files dns");
#endif
  const std::string runtime_api = spaces::app::runtime_api_address();
  if (!runtime_api.empty()) return spaces::app::run_lambda(runtime_api);
  return spaces::app::run_command_line(count, words);
}
