#include "app/command_line.hpp"
#include "app/commands.hpp"

namespace spaces::app {

int run_check(const setting_flags&, const check_options&) { return fail("placeholder"); }

}  // namespace spaces::app
