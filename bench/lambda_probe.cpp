/// Measures the process of a function from outside, as Lambda sees it:
///
///   lambda_probe EVENTS EVENT_FILE PROGRAM
///
/// starts PROGRAM with AWS_LAMBDA_RUNTIME_API at a port of its own and prints one JSON object: microseconds
/// from just before exec to the first connection and of CPU until /next was asked, resident KiB when /next was asked
/// and at the first answer, microseconds of CPU per event of EVENTS further ones, the status of the last answer, and
/// milliseconds from SIGTERM to the end. With EVENTS 0 nothing is sent, for a program that cannot answer.
#include "loopback.hpp"

#include <netinet/tcp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

/// What a program that hangs is given.
constexpr timeval patience{20, 0};

std::int64_t now_ns(clockid_t clock = CLOCK_MONOTONIC) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) throw std::runtime_error("clock_gettime");
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

long resident_kib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  throw std::runtime_error("the process is gone");
}

/// The program's side of the Runtime API.
class connection {
 public:
  explicit connection(int socket) : socket_(socket) {
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  /// Never sleeps from here on: waking us would be charged to the program.
  void spin() { spins_ = true; }

  /// A whole request: its head and its body.
  std::string take() {
    std::size_t end;
    while ((end = held_.find("\r\n\r\n")) == std::string::npos) more();
    const std::size_t field = held_.find("Content-Length: ");
    const std::size_t length = field < end ? std::stoul(held_.substr(field + 16)) : 0;
    while (held_.size() < end + 4 + length) more();
    std::string request = held_.substr(0, end + 4 + length);
    held_.erase(0, request.size());
    return request;
  }

  void send(const std::string& bytes) {
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("cannot send");
  }

 private:
  void more() {
    char part[65536];
    ssize_t count;
    while ((count = ::recv(socket_, part, sizeof part, spins_ ? MSG_DONTWAIT : 0)) < 0 && spins_ && errno == EAGAIN)
      ::sched_yield();
    if (count <= 0) throw std::runtime_error("the program says nothing");
    held_.append(part, static_cast<std::size_t>(count));
  }

  int socket_;
  bool spins_ = false;
  std::string held_;
};

struct started {
  pid_t process;
  const volatile std::int64_t* exec_ns;  ///< the moment before exec
};

started start(const char* program, const std::string& address) {
  void* shared = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* moment = static_cast<volatile std::int64_t*>(shared);
  ::setenv("AWS_LAMBDA_RUNTIME_API", address.c_str(), 1);
  const pid_t child = ::fork();
  if (child == 0) {
    *moment = now_ns();
    ::execl(program, program, static_cast<char*>(nullptr));
    ::_exit(127);
  }
  return {child, moment};
}

/// The program on the first core and this one on the last, so that how the kernel shares them out is in no figure.
/// False where there is one core.
bool part_from(pid_t program) {
  cpu_set_t all;
  if (::sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < 2) return false;
  int first = CPU_SETSIZE;
  int last = 0;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &all)) continue;
    first = std::min(first, core);
    last = core;
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  const bool there = ::sched_setaffinity(program, sizeof one, &one) == 0;
  CPU_ZERO(&one);
  CPU_SET(last, &one);
  return ::sched_setaffinity(0, sizeof one, &one) == 0 && there;
}

/// Answers one /next with the event and takes what the program posts.
std::string exchange(connection& program, const std::string& event) {
  program.send(
      "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
      "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1\r\n"
      "Lambda-Runtime-Deadline-Ms: " +
      std::to_string(now_ns(CLOCK_REALTIME) / 1'000'000 + 30'000) +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(event.size()) + "\r\n\r\n" + event);
  std::string posted = program.take();
  program.send(
      "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n");
  return posted;
}

/// "200" of {"statusCode":200,….
std::string status_of(const std::string& posted) {
  const std::size_t at = posted.find("\"statusCode\":");
  return at == std::string::npos ? "0" : posted.substr(at + 13, 3);
}

void measure(int events, const std::string& event, const char* program) {
  const bench::loopback_listener listener = bench::listen_anywhere(8);
  ::setsockopt(listener.socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const started child = start(program, listener.address);
  const int socket = ::accept4(listener.socket, nullptr, nullptr, SOCK_CLOEXEC);
  const std::int64_t connected = now_ns();
  if (socket < 0) throw std::runtime_error("the program does not connect");
  connection runtime(socket);
  runtime.take();
  const std::int64_t requested = now_ns();
  const long first_kib = resident_kib(child.process);
  clockid_t cpu;
  if (::clock_getcpuclockid(child.process, &cpu) != 0) throw std::runtime_error("clock_getcpuclockid");
  const double start_cpu_us = static_cast<double>(now_ns(cpu)) / 1000;
  long answer_kib = 0;
  double cpu_us = 0;
  std::string status = "0";
  if (events > 0) {
    std::string posted = exchange(runtime, event);
    runtime.take();
    answer_kib = resident_kib(child.process);
    if (part_from(child.process)) runtime.spin();
    const std::int64_t before = now_ns(cpu);
    for (int i = 0; i < events; ++i) {
      posted = exchange(runtime, event);
      runtime.take();
    }
    cpu_us = static_cast<double>(now_ns(cpu) - before) / 1000 / events;
    status = status_of(posted);
  }
  const std::int64_t told = now_ns();
  ::kill(child.process, SIGTERM);
  int ended = 0;
  ::waitpid(child.process, &ended, 0);
  std::printf(
      "{\"connect_us\":%.1f,\"next_us\":%.1f,\"start_cpu_us\":%.1f,\"next_kib\":%ld,\"answer_kib\":%ld,\"cpu_us\":%.2f,"
      "\"status\":%s,\"stop_ms\":%.2f}\n",
      static_cast<double>(connected - *child.exec_ns) / 1000, static_cast<double>(requested - *child.exec_ns) / 1000,
      start_cpu_us, first_kib, answer_kib, cpu_us, status.c_str(), static_cast<double>(now_ns() - told) / 1e6);
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "lambda_probe EVENTS EVENT_FILE PROGRAM\n");
    return 2;
  }
  try {
    std::ifstream file(words[2]);
    measure(std::atoi(words[1]), {std::istreambuf_iterator<char>(file), {}}, words[3]);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "lambda_probe: %s\n", failure.what());
    return 1;
  }
  return 0;
}
