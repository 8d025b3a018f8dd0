#include "platform/bucket/copying.hpp"

#include <optional>
#include <utility>

namespace spaces::bucket {

namespace {

/// Walks all of a bucket, a page at a time.
class walk {
 public:
  walk(object_store& bucket, std::size_t page_max) : bucket_(bucket), page_max_(page_max) {}

  /// Null behind the last.
  result<const listed_object*> here() {
    if (at_ < page_.objects.size()) return &page_.objects[at_];
    if (begun_ && !page_.more) return nullptr;
    const std::string after = page_.objects.empty() ? std::string() : page_.objects.back().key;
    auto next = bucket_.list("", after, page_max_);
    if (!next) return next.error();
    page_ = *std::move(next);
    begun_ = true;
    at_ = 0;
    return page_.objects.empty() ? nullptr : &page_.objects.front();
  }
  void next() { ++at_; }

 private:
  object_store& bucket_;
  const std::size_t page_max_;
  object_page page_;
  std::size_t at_ = 0;
  bool begun_ = false;
};

void note(copy_report& report, std::string sentence) {
  if (report.differences.size() < differences_shown_max) report.differences.push_back(std::move(sentence));
}

/// Nothing where it went meanwhile.
result<std::optional<object>> read(object_store& from, const std::string& key) {
  auto found = from.get(key, std::nullopt);
  if (found) return std::optional(*std::move(found));
  if (found.error().kind == error_kind::not_found) return std::optional<object>();
  return found.error();
}

result<void> copy_one(object_store& from, object_store& to, const std::string& key, bool there, bool check_only,
                      copy_report& report) {
  auto source = read(from, key);
  if (!source) return source.error();
  if (!*source) return {};
  ++report.read;
  report.bytes += (*source)->bytes.size();
  std::string what = "is missing at the destination";
  if (there) {
    const auto present = read(to, key);
    if (!present) return present.error();
    if (*present && (*present)->bytes == (*source)->bytes) {
      if ((*present)->info.content_type == (*source)->info.content_type) {
        ++report.unchanged;
        return {};
      }
      what = "has another type at the destination";
    } else if (*present) {
      what = "has another content at the destination";
    }
  }
  if (check_only) {
    ++report.different;
    note(report, key + ' ' + what);
    return {};
  }
  const auto put = to.put(key, (*source)->bytes, {.content_type = (*source)->info.content_type});
  if (!put) return put.error();
  ++report.written;
  return {};
}

}  // namespace

result<copy_report> copy_bucket(object_store& from, object_store& to, bool check_only, copy_progress progress,
                                std::size_t page_max) {
  copy_report report;
  walk source(from, page_max);
  walk destination(to, page_max);
  while (true) {
    const auto ours = source.here();
    if (!ours) return ours.error();
    const auto theirs = destination.here();
    if (!theirs) return theirs.error();
    if (*ours == nullptr && *theirs == nullptr) return report;
    if (*ours == nullptr || (*theirs != nullptr && (*theirs)->key < (*ours)->key)) {
      ++report.beyond;
      note(report, (*theirs)->key + " is at the destination alone");
      destination.next();
    } else {
      const bool there = *theirs != nullptr && (*theirs)->key == (*ours)->key;
      if (const auto done = copy_one(from, to, (*ours)->key, there, check_only, report); !done) return done.error();
      if (there) destination.next();
      source.next();
    }
    if (!progress(report)) {
      report.interrupted = true;
      return report;
    }
  }
}

}  // namespace spaces::bucket
