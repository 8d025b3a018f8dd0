/// How pictures are prepared.
#pragma once

#include "platform/base/setting.hpp"
#include "platform/picture/limits.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace spaces::picture {

/// What becomes of a kernel without Landlock: a worker with the rest of its sandbox, or none.
enum class sandbox_rule : std::uint8_t { available, required };

struct settings {
  unsigned workers = 1;
  std::string worker;  ///< the program; empty: spaces-media beside the running one
  sandbox_rule sandbox = sandbox_rule::available;
};

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_MEDIA_WORKERS", "--media-workers", "1", "0 to 8",
     "Processes that prepare pictures, each with some 100 MB; 0: pictures wait", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_number(into.workers, text, 0U, workers_max);
     }},
    {"SPACES_MEDIA_WORKER", "--media-worker", "", "a program's path",
     "What prepares pictures; spaces-media beside this program unless given", false,
     [](settings& into, std::string_view text) { return setting_value::read_text(into.worker, text); }},
    {"SPACES_MEDIA_SANDBOX", "--media-sandbox", "available", "available, required",
     "Whether pictures are prepared where the kernel has no Landlock (Linux 5.13), with the rest of the sandbox", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_choice(into.sandbox, text, {"available", "required"});
     }},
};

}  // namespace spaces::picture
