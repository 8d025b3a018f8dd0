/// A picture's header is read within its limits, and a worker's answer is taken only where it can be right. The first
/// byte says what the rest is: 0, a file; else an answer's body, of stage `avif` where it is odd.
#include "platform/picture/protocol.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

using namespace spaces::picture;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void check_header(std::string_view file) {
  const auto read = read_header(file);
  if (const header* const told = std::get_if<header>(&read)) {
    require(!beyond_limits(told->width, told->height), "a size is within its limits");
    require(static_cast<unsigned>(told->kind) <= static_cast<unsigned>(format::heic), "a format is one of those taken");
  } else {
    require(static_cast<unsigned>(std::get<reason>(read)) < reasons, "a reason is one of those there are");
  }
}

void check_answer(std::string_view body, stage what) {
  const auto read = protocol::read_prepared(body, what);
  const prepared* const made = std::get_if<prepared>(&read);
  if (made == nullptr) return;
  require(!beyond_limits(made->width, made->height), "an answer's size is within its limits");
  require(!made->files.empty() && made->files.size() <= files_max,
          "an answer has files, and no more than there may be");
  for (const file& one : made->files)
    require(one.width <= made->width && one.height <= made->height, "no file is larger than the picture");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 0)
    check_header(rest);
  else
    check_answer(rest, data[0] % 2 == 0 ? stage::first : stage::avif);
  return 0;
}
