/// prepare_picture WORKER [required] reads lines "STAGE<tab>FILE<tab>FOLDER" from standard input, prepares the file by
/// a pool of one worker as the server does, writes what came out into the folder, and prints a JSON object a line.
/// STAGE is first or avif. For tests and benchmarks of spaces-media.

#include "platform/base/clock.hpp"
#include "platform/picture/worker_pool.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

using namespace spaces;

namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

void print_error(const error& failure) {
  const bool refused = picture::is_refused(failure);
  fmt::print(R"({{"error":"{}","code":"{}","text":"{}","detail":"{}"}})"
             "\n",
             refused ? "refused" : "unavailable", failure.problems.empty() ? "" : failure.problems.front().code,
             failure.public_text, failure.private_text);
}

void print_made(const picture::prepared& made, const std::string& folder, double seconds) {
  std::string files;
  for (const picture::file& one : made.files) {
    const std::string kind = one.content_type.substr(one.content_type.find('/') + 1);
    const std::string path = fmt::format("{}/{}.{}", folder, one.width, kind);
    std::ofstream(path, std::ios::binary) << one.bytes;
    files += fmt::format(R"({}{{"type":"{}","width":{},"height":{},"bytes":{},"path":"{}"}})", files.empty() ? "" : ",",
                         one.content_type, one.width, one.height, one.bytes.size(), path);
  }
  fmt::print(R"({{"width":{},"height":{},"placeholder":"{}","likeness":"{:016x}","seconds":{:.4f},"files":[{}]}})"
             "\n",
             made.width, made.height, hex(made.placeholder), made.likeness, seconds, files);
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  const system_clock clock;
  const telemetry::log log(clock, STDERR_FILENO);
  picture::settings how;
  how.worker = words[1];
  if (count > 2) how.sandbox = picture::sandbox_rule::required;
  const auto pool = picture::start_workers(how, log);
  if (!pool) {
    print_error(pool.error());
    return 1;
  }
  for (std::string line; std::getline(std::cin, line); std::fflush(stdout)) {
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    const std::string path = line.substr(first + 1, second - first - 1);
    const descriptor original(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts{};
    ::fstat(original.get(), &facts);
    const auto what = line.starts_with("avif") ? picture::stage::avif : picture::stage::first;
    const auto begin = std::chrono::steady_clock::now();
    const auto made = (*pool)->prepare(original.get(), static_cast<std::uint64_t>(facts.st_size), what);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    if (made)
      print_made(*made, line.substr(second + 1), passed.count());
    else
      print_error(made.error());
  }
  return 0;
}
