/// Runs a fuzz target over files instead of over what a fuzzer makes up: its seeds, and findings.
///
///   replay_NAME [FILE | FOLDER …]    without any: the seeds in test/fuzz/seeds/NAME
///
/// A target that finds something wrong aborts; so does this. Flags of the other test programs are let
/// pass.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

bool run(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "cannot read %s\n", file.c_str());
    return false;
  }
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  // Said before it runs, so that the log names the file that it ended on.
  std::printf("%s\n", file.filename().c_str());
  std::fflush(stdout);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> places;
  for (int i = 1; i < argc; ++i)
    if (!std::string_view(argv[i]).starts_with("--")) places.emplace_back(argv[i]);
  if (places.empty()) places.emplace_back(SPACES_FUZZ_SEEDS);
  std::size_t count = 0;
  for (const auto& place : places) {
    if (std::filesystem::is_directory(place)) {
      for (const auto& entry : std::filesystem::directory_iterator(place)) {
        if (!run(entry.path())) return 1;
        ++count;
      }
    } else {
      if (!run(place)) return 1;
      ++count;
    }
  }
  std::printf("%zu replayed\n", count);
  return count > 0 ? 0 : 1;
}
