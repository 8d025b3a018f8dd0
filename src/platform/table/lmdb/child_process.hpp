/// Another process for a test: this test program again, running one of its DISABLED_ tests.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table {

/// Starts `--gtest_filter=child.DISABLED_<role>` with these variables. Exits with 0 when that test
/// passed. What it sends by `send_to_parent` is read by `take_line`.
class child_process {
 public:
  child_process(const std::string& role, const std::map<std::string, std::string>& variables) {
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    from_child_ = ends[0];
    fcntl(from_child_, F_SETFD, FD_CLOEXEC);
    const std::string filter = "--gtest_filter=child.DISABLED_" + role;
    const std::string descriptor = std::to_string(ends[1]);
    pid_ = fork();
    if (pid_ == 0) {
      for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
      setenv("SPACES_CHILD_PIPE", descriptor.c_str(), 1);
      unsetenv("XML_OUTPUT_FILE");
      unsetenv("GTEST_OUTPUT");
      const int nowhere = ::open("/dev/null", O_WRONLY);
      dup2(nowhere, STDOUT_FILENO);
      execl("/proc/self/exe", "child", filter.c_str(), "--gtest_also_run_disabled_tests", nullptr);
      _exit(127);
    }
    ::close(ends[1]);
    if (pid_ < 0) throw std::runtime_error("no process");
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    if (pid_ > 0) {
      kill();
      wait();
    }
    ::close(from_child_);
  }

  void kill() const { ::kill(pid_, SIGKILL); }

  /// The exit status, or 128 and the signal.
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  /// The next whole line; false at the end.
  bool take_line(std::string& line) {
    while (true) {
      const std::size_t end = buffer_.find('\n', taken_);
      if (end != std::string::npos) {
        line.assign(buffer_, taken_, end - taken_);
        taken_ = end + 1;
        return true;
      }
      buffer_.erase(0, taken_);
      taken_ = 0;
      char chunk[4096];
      const ssize_t size = ::read(from_child_, chunk, sizeof chunk);
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) return false;
      buffer_.append(chunk, static_cast<std::size_t>(size));
    }
  }

 private:
  pid_t pid_ = -1;
  int from_child_ = -1;
  std::string buffer_;
  std::size_t taken_ = 0;
};

/// In the child: one line for the parent, in one write so that threads' lines do not mix.
inline void send_to_parent(const std::string& line) {
  static const int descriptor = std::atoi(std::getenv("SPACES_CHILD_PIPE"));
  const std::string whole = line + "\n";
  if (::write(descriptor, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) _exit(3);
}

inline std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace spaces::table
