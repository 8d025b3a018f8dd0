/// How often a disk can make something durable: writes 4 KiB and calls fdatasync, over and over.
///
///   device_sync FOLDER SECONDS    prints {"syncs_per_second": N}
///
/// The file is laid out before, as a store that has grown is: the sync waits for data alone.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t pages = 1024;

[[noreturn]] void fail(const std::string& what) {
  std::perror(what.c_str());
  std::exit(1);
}

void write_page(int file, std::size_t number, const std::vector<char>& page) {
  const auto at = static_cast<off_t>(number % pages * page_bytes);
  if (::pwrite(file, page.data(), page.size(), at) != static_cast<ssize_t>(page.size())) fail("pwrite");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "device_sync FOLDER SECONDS\n");
    return 2;
  }
  using steady = std::chrono::steady_clock;
  const std::string name = std::string(argv[1]) + "/device_sync.tmp";
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (file < 0) fail(name);
  ::unlink(name.c_str());
  std::vector<char> page(page_bytes, 'x');
  for (std::size_t i = 0; i < pages; ++i) write_page(file, i, page);
  if (::fsync(file) != 0) fail("fsync");

  const std::chrono::duration<double> wanted(std::atof(argv[2]));
  const auto started = steady::now();
  std::chrono::duration<double> passed{};
  std::size_t syncs = 0;
  for (; passed < wanted; ++syncs, passed = steady::now() - started) {
    page[syncs % page_bytes] ^= 1;  // never the same page again
    write_page(file, syncs * 7, page);
    if (::fdatasync(file) != 0) fail("fdatasync");
  }
  std::printf("{\"syncs_per_second\": %.1f}\n", static_cast<double>(syncs) / passed.count());
}
