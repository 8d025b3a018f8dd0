#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>

namespace spaces::app {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_bars{100};
constexpr std::chrono::seconds between_lines{5};
constexpr int bar_width = 24;

std::string duration(double seconds) {
  const auto all = std::llround(seconds);
  if (all < 60) return fmt::format("{} s", all);
  if (all < 3600) return fmt::format("{}:{:02} min", all / 60, all % 60);
  return fmt::format("{}:{:02} h", all / 3600, all / 60 % 60);
}

std::string bar(double part) {
  const int full = static_cast<int>(part * bar_width);
  std::string out = "[";
  for (int i = 0; i < bar_width; ++i) out += i < full ? '#' : '.';
  return out + ']';
}

volatile std::sig_atomic_t signal_seen = 0;
struct sigaction before_int;
struct sigaction before_term;

extern "C" void note_signal(int) { signal_seen = 1; }

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, ',');
  return out;
}

progress::progress(std::string_view noun, bool quiet)
    : noun_(noun),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(steady_clock::now()),
      next_(start_ + (terminal_ ? steady_clock::duration(between_bars) : steady_clock::duration(between_lines))) {}

double progress::seconds() const { return std::chrono::duration<double>(steady_clock::now() - start_).count(); }

std::string progress::line(std::uint64_t count, std::uint64_t done, std::uint64_t total) const {
  const double time = seconds();
  const double rate = time > 0 ? static_cast<double>(count) / time : 0;
  std::string counted =
      fmt::format("{} {}, {} a second", grouped(count), noun_, grouped(static_cast<std::uint64_t>(rate)));
  if (total == 0) return counted;
  const double part = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
  const std::string left = part > 0.001 ? duration(time / part - time) : "?";
  const std::string percent = fmt::format("{:3.0f}%  {}, {} left", part * 100, counted, left);
  return terminal_ ? bar(part) + percent : percent;
}

void progress::show(std::uint64_t count, std::uint64_t done, std::uint64_t total) {
  if (quiet_) return;
  const std::lock_guard lock(mutex_);
  const auto now = steady_clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? steady_clock::duration(between_bars) : steady_clock::duration(between_lines));
  if (terminal_)
    fmt::print(stderr, "\r{}\x1b[K", line(count, done, total));
  else
    fmt::print(stderr, "{}\n", line(count, done, total));
  std::fflush(stderr);
  shown_ = true;
}

void progress::clear() {
  const std::lock_guard lock(mutex_);
  if (shown_ && terminal_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
}

interruption::interruption() {
  signal_seen = 0;
  struct sigaction how{};
  how.sa_handler = note_signal;
  how.sa_flags = static_cast<int>(SA_RESETHAND);  // and no SA_RESTART: a read of standard input must end
  sigaction(SIGINT, &how, &before_int);
  sigaction(SIGTERM, &how, &before_term);
}

interruption::~interruption() {
  sigaction(SIGINT, &before_int, nullptr);
  sigaction(SIGTERM, &before_term, nullptr);
}

bool interruption::requested() { return signal_seen != 0; }

}  // namespace spaces::app
