/// What bench/load is told on its command line (its words are in load.cpp).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Ends the program with one sentence.
[[noreturn]] inline void stop(const std::string& sentence) {
  std::fprintf(stderr, "load: %s\n", sentence.c_str());
  std::exit(1);
}

/// The same, with what errno says.
[[noreturn]] inline void fail(const std::string& what) {
  std::perror(("load: " + what).c_str());
  std::exit(1);
}

struct load_options {
  unsigned short port = 0;
  std::size_t clients = 64;
  double seconds = 1;
  std::uint64_t requests = 0;  ///< 0: by time
  std::uint64_t rate = 0;      ///< requests a second; 0: as fast as the answers come
  double warm_up = 0;          ///< seconds, not counted
  std::uint64_t seed = 1;
  pid_t watch = 0;
  bool in_turn = false;
  bool spin = false;
  std::string targets;
  std::string post;
  std::string once;
  std::string renew;
  std::string counters;
  std::string change;
  std::string ids;
  std::vector<std::string> fields;
};

inline load_options read_load_options(int count, char** words) {
  load_options read;
  std::map<std::string_view, std::string*> texts{
      {"--targets", &read.targets}, {"--post", &read.post},     {"--once", &read.once}, {"--counters", &read.counters},
      {"--renew", &read.renew},     {"--change", &read.change}, {"--ids", &read.ids}};
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--in-turn" || word == "--spin") {
      (word == "--spin" ? read.spin : read.in_turn) = true;
      continue;
    }
    if (i + 1 == count) stop("no value for " + std::string(word));
    const char* const value = words[++i];
    if (const auto text = texts.find(word); text != texts.end())
      *text->second = value;
    else if (word == "--field")
      read.fields.emplace_back(value);
    else if (word == "--port")
      read.port = static_cast<unsigned short>(std::atoi(value));
    else if (word == "--clients")
      read.clients = static_cast<std::size_t>(std::atoi(value));
    else if (word == "--seconds")
      read.seconds = std::atof(value);
    else if (word == "--requests")
      read.requests = std::strtoull(value, nullptr, 10);
    else if (word == "--rate")
      read.rate = std::strtoull(value, nullptr, 10);
    else if (word == "--warm-up")
      read.warm_up = std::atof(value);
    else if (word == "--seed")
      read.seed = std::strtoull(value, nullptr, 10);
    else if (word == "--watch")
      read.watch = static_cast<pid_t>(std::atoi(value));
    else
      stop("what is " + std::string(word) + "?");
  }
  if (read.port == 0 || read.clients == 0 || read.targets.empty()) stop("--port, --clients and --targets are needed");
  return read;
}

}  // namespace bench
