#include "platform/bucket/no_bucket.hpp"

#include <utility>

namespace spaces::bucket {

namespace {

class no_bucket final : public object_store {
 public:
  explicit no_bucket(std::string why) : why_(std::move(why)) {}

  result<void> put(std::string_view, std::string_view, const put_options&) override { return none(); }
  result<object> get(std::string_view, const std::optional<byte_range>&) override { return none(); }
  result<opened_object> open(std::string_view) override { return none(); }
  result<object_info> head(std::string_view) override { return none(); }
  result<void> remove(std::string_view) override { return none(); }
  result<object_page> list(std::string_view, std::string_view, std::size_t) override { return none(); }
  result<upload_permission> permit(const upload_rules&) override { return none(); }
  result<void> ping() override { return {}; }
  std::string_view engine() const override { return "none"; }
  std::string place() const override { return "no bucket"; }

 private:
  error none() const { return unavailable(why_); }

  const std::string why_;
};

}  // namespace

std::unique_ptr<object_store> make_no_bucket(std::string why) { return std::make_unique<no_bucket>(std::move(why)); }

}  // namespace spaces::bucket
