/// How far a long command is, on standard error: a bar on a terminal, a line every few seconds
/// elsewhere, nothing where a script reads JSON; for any thread. And whether somebody wants it to stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace spaces::app {

class progress {
 public:
  /// `noun` is what is counted: "rows". Quiet: shows nothing.
  progress(std::string_view noun, bool quiet);
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// `count` things so far; `done` of `total` (of bytes, say; 0: nobody knows) tell how far that is.
  /// Shows it when it is time.
  void show(std::uint64_t count, std::uint64_t done, std::uint64_t total);
  /// Takes the bar away, so that other lines may follow.
  void clear();
  double seconds() const;

 private:
  std::string line(std::uint64_t count, std::uint64_t done, std::uint64_t total) const;

  std::mutex mutex_;
  std::string noun_;
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point next_;
};

/// "21,597".
std::string grouped(std::uint64_t number);

/// Catches SIGINT and SIGTERM while it lives: the first asks for a clean end, a second one ends immediately.
class interruption {
 public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;
  static bool requested();
};

}  // namespace spaces::app
