/// What people's logins and tokens cost without a server: the limits that stand beside it.
///
///   identity_alone hash COST COUNT      COUNT passwords hashed by libcrypt itself, on every core concurrently
///   identity_alone sign FILE COUNT      COUNT signatures by OpenSSL itself with the RSA key in this PEM file, alike
///   identity_alone verify FILE ROUNDS   our check of a token, the first and those after, and OpenSSL's own check
///                                       of the same signature
///
/// Prints one JSON object. `verify` prints medians of ROUNDS, whose three kinds take turns.
#include "marketplace/roles/user_type.hpp"
#include "platform/identity/local/local_identity.hpp"

#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace spaces;
using steady = std::chrono::steady_clock;
using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using digest_pointer = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

[[noreturn]] void stop(const std::string& sentence) {
  std::fprintf(stderr, "identity_alone: %s\n", sentence.c_str());
  std::exit(1);
}

std::size_t cores() {
  cpu_set_t ours;
  if (::sched_getaffinity(0, sizeof ours, &ours) != 0) stop("the cores cannot be counted");
  return static_cast<std::size_t>(CPU_COUNT(&ours));
}

/// `count` calls, shared by one thread for each core; prints how many a second.
void print_rate(int count, const std::function<void()>& work) {
  std::atomic<int> left{count};
  const auto started = steady::now();
  std::vector<std::thread> threads;
  threads.reserve(cores());
  for (std::size_t i = 0; i < cores(); ++i) {
    threads.emplace_back([&] {
      while (left.fetch_sub(1) > 0) work();
    });
  }
  for (std::thread& each : threads) each.join();
  const double seconds = std::chrono::duration<double>(steady::now() - started).count();
  std::printf("{\"per_second\": %.3f, \"cores\": %zu}\n", count / seconds, cores());
}

void hash(int cost, int count) {
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  const std::string salt(16, 's');
  if (!::crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost), salt.data(), 16, setting, sizeof setting))
    stop("libcrypt makes no salt");
  print_rate(count, [&] {
    thread_local const auto area = std::make_unique<crypt_data>();
    if (!::crypt_rn("Correct-Horse-7 b", setting, area.get(), sizeof(crypt_data))) stop("libcrypt hashes nothing");
  });
}

key_pointer read_key(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (!file) stop("no file " + path);
  key_pointer key(::PEM_read_PrivateKey(file, nullptr, nullptr, nullptr), &EVP_PKEY_free);
  std::fclose(file);
  if (!key) stop("no key in " + path);
  return key;
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void sign(const std::string& path, int count) {
  const key_pointer key = read_key(path);
  const std::string text(500, 't');  // as long as a token
  print_rate(count, [&] {
    const digest_pointer context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<unsigned char, 1024> signature;
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(text), text.size()) != 1)
      stop("OpenSSL signs nothing");
  });
}

void openssl_verify(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const digest_pointer context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) != 1)
    stop("OpenSSL refuses the signature");
}

/// Microseconds that one call takes, of `times`.
template <class Work>
double us_each(int times, const Work& work) {
  const auto started = steady::now();
  for (int i = 0; i < times; ++i) work(static_cast<std::size_t>(i));
  return std::chrono::duration<double, std::micro>(steady::now() - started).count() / times;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void verify(const std::string& path, int rounds) {
  constexpr int tokens_each = 200;
  std::ifstream file(path);
  const std::string pem{std::istreambuf_iterator<char>(file), {}};
  auto key = identity::signing_key::from_text(pem);
  if (!key) stop(key.error().public_text);
  const key_pointer raw = read_key(path);
  const instant now = system_clock().now();
  identity::local_identity people(identity::signing_keys(*std::move(key)),
                                  {"lifestyle-spaces", "lifestyle-spaces-api", {"userType", user_type_names}});
  std::vector<double> first, cached, openssl;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::string> tokens, signatures;
    for (int i = 0; i < tokens_each; ++i) {
      const caller who{make_uuid_v7(now), role_of(user_type::seller), true, make_uuid_v7(now)};
      tokens.push_back(people.tokens().mint(who, who.session, identity::access_token_lifetime, now));
      const std::string& token = tokens.back();
      signatures.push_back(people.keys().current()->sign(token.substr(0, token.rfind('.'))));
    }
    const auto verify = [&](std::size_t i) {
      if (!people.who(tokens[i], now)) stop("a token of ours is refused");
    };
    first.push_back(us_each(tokens_each, verify));
    openssl.push_back(us_each(tokens_each, [&](std::size_t i) {
      openssl_verify(raw.get(), std::string_view(tokens[i]).substr(0, tokens[i].rfind('.')), signatures[i]);
    }));
    // Over and over again: one token's check is too short for the clock.
    cached.push_back(us_each(tokens_each * 20, [&](std::size_t i) { verify(i % tokens_each); }));
  }
  std::printf("{\"cached_us\": %.4f, \"first_us\": %.3f, \"openssl_us\": %.3f}\n", median(cached), median(first),
              median(openssl));
}

}  // namespace

int main(int count, char** words) {
  const std::string what = count == 4 ? words[1] : "";
  if (what == "hash")
    hash(std::atoi(words[2]), std::atoi(words[3]));
  else if (what == "sign")
    sign(words[2], std::atoi(words[3]));
  else if (what == "verify")
    verify(words[2], std::atoi(words[3]));
  else
    stop("hash COST COUNT, sign FILE COUNT or verify FILE ROUNDS");
}
