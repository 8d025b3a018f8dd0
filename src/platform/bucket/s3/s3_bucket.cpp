#include "platform/bucket/s3/s3_bucket.hpp"

#include "platform/aws/signed_call.hpp"
#include "platform/aws/xml.hpp"
#include "platform/base/base64.hpp"
#include "platform/base/text.hpp"
#include "platform/bucket/object_file.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace spaces::bucket {

namespace {

using aws::failure;
using aws::failure_kind;

/// S3 answers in tens of milliseconds, and after a large upload in some seconds.
constexpr std::chrono::seconds silence_max{10};

std::string base64_of(const sha256_digest& digest) {
  std::string text;
  append_base64(text, {reinterpret_cast<const char*>(digest.data()), digest.size()});
  return text;
}

bool is_any(const http::client_response&) { return true; }

/// Each segment for a URL, the slashes as they are.
std::string escaped(std::string_view key) {
  std::string out;
  while (true) {
    const std::size_t slash = std::min(key.find('/'), key.size());
    out += percent_encode(key.substr(0, slash));
    if (slash == key.size()) return out;
    out += '/';
    key.remove_prefix(slash + 1);
  }
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string without_quotes(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

object_info info_of(const http::client_response& answer) {
  object_info info;
  info.bytes = number_in(answer.field("content-length"));
  // "bytes 0-9/100"
  const std::string_view range = answer.field("content-range");
  if (const std::size_t slash = range.find('/'); slash != std::string_view::npos)
    info.bytes = number_in(range.substr(slash + 1));
  info.content_type = answer.field("content-type");
  info.etag = without_quotes(answer.field("etag"));
  if (const auto modified = aws::parse_http_date(answer.field("last-modified"))) info.modified = *modified;
  return info;
}

/// S3's many codes were read into kinds already; here is what a caller of a bucket can do about each.
error to_error(std::string_view doing, const std::string& place, const failure& failed) {
  error made = unavailable(place + ": " + std::string(doing) + ": " + failed.text);
  made.lasting = !aws::may_pass(failed.kind);
  switch (failed.kind) {
    case failure_kind::missing:
      // Without its bucket nothing is merely absent.
      if (failed.code == "NoSuchBucket") return made;
      made.kind = error_kind::not_found;
      made.public_text = not_found("object").public_text;
      return made;
    case failure_kind::condition_failed: return conflict("There is an object at this key already");
    case failure_kind::too_large: made.kind = error_kind::too_large; return made;
    case failure_kind::throttled:
    case failure_kind::unavailable:
    case failure_kind::refused: return made;
    case failure_kind::internal: made.kind = error_kind::internal; return made;
  }
  return made;
}

std::vector<http::field_line> lines_of(const names_and_values& fields) {
  std::vector<http::field_line> lines;
  for (const auto& [name, value] : fields) lines.push_back({name, value});
  return lines;
}

class s3_bucket final : public object_store {
 public:
  s3_bucket(const s3_options& options, http::client& client, aws::environment& surroundings, aws::url where,
            std::string base, const clock& clock)
      : options_(options),
        base_(std::move(base)),
        clock_(clock),
        call_(client, &surroundings.credentials(), std::move(where),
              {surroundings.region(),
               "s3",
               aws::s3_signing,
               {&aws::read_xml_error, &is_any},
               silence_max,
               surroundings.retries()},
              clock) {}

  result<void> put(std::string_view key, std::string_view bytes, const put_options& how) override;
  result<object> get(std::string_view key, const std::optional<byte_range>& part) override;
  result<opened_object> open(std::string_view key) override;
  result<object_info> head(std::string_view key) override;
  result<void> remove(std::string_view key) override;
  result<object_page> list(std::string_view prefix, std::string_view after, std::size_t max) override;
  result<upload_permission> permit(const upload_rules& rules) override;
  result<void> ping() override;
  std::string_view engine() const override { return "s3"; }
  std::string place() const override { return "the bucket " + options_.bucket; }

 private:
  std::string target(std::string_view key) const { return base_ + "/" + escaped(key); }
  boost::system::result<http::client_response, failure> send(http::method verb, const std::string& target,
                                                             const names_and_values& fields = {},
                                                             std::string_view body = {}, std::string_view hash = {}) {
    const auto lines = lines_of(fields);
    return call_.send({verb, target, lines, body, hash, true});
  }
  names_and_values encryption_fields() const;
  bool holds(std::string_view key, const sha256_digest& digest);
  boost::system::result<http::client_response, failure> fetch_piece(std::string_view key, std::uint64_t from,
                                                                    const std::string& etag);
  result<upload_permission> permit_put(const upload_rules& rules);
  result<upload_permission> permit_form(const upload_rules& rules);

  const s3_options options_;
  const std::string base_;  ///< "/bucket" by path, else empty
  const clock& clock_;
  aws::signed_call call_;
};

names_and_values s3_bucket::encryption_fields() const {
  names_and_values fields;
  if (options_.encrypted == encryption::aes256) fields.emplace_back("x-amz-server-side-encryption", "AES256");
  if (options_.encrypted == encryption::kms) {
    fields.emplace_back("x-amz-server-side-encryption", "aws:kms");
    if (!options_.kms_key.empty()) fields.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", options_.kms_key);
  }
  return fields;
}

/// Whether the object there has this content, as S3 itself has checked it.
bool s3_bucket::holds(std::string_view key, const sha256_digest& digest) {
  const auto answer = send(http::method::head, target(key), {{"x-amz-checksum-mode", "ENABLED"}});
  return answer && answer->field("x-amz-checksum-sha256") == base64_of(digest);
}

result<void> s3_bucket::put(std::string_view key, std::string_view bytes, const put_options& how) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  if (bytes.size() > object_bytes_max) return internal("an object of " + std::to_string(bytes.size()) + " bytes");
  const sha256_digest digest = sha256(bytes);
  names_and_values fields = encryption_fields();
  fields.emplace_back("Content-Type", how.content_type);
  fields.emplace_back("x-amz-checksum-sha256", base64_of(digest));
  if (how.only_if_absent) fields.emplace_back("If-None-Match", "*");
  const auto answer = send(http::method::put, target(key), fields, bytes, to_hex(digest));
  if (answer) return {};
  // An earlier try may have put it there, whose answer was lost.
  const failure& failed = answer.error();
  if (failed.kind == failure_kind::condition_failed && failed.may_have_happened && holds(key, digest)) return {};
  return to_error("put " + std::string(key), place(), failed);
}

result<object> s3_bucket::get(std::string_view key, const std::optional<byte_range>& part) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  const auto unsatisfiable = [&] { return cut(0, part).error(); };
  if (part && part->last && *part->last < part->first) return unsatisfiable();
  names_and_values fields;
  if (part) {
    fields.emplace_back("Range", "bytes=" + std::to_string(part->first) + '-' +
                                     (part->last ? std::to_string(*part->last) : std::string()));
  }
  auto answer = send(http::method::get, target(key), fields);
  if (!answer && answer.error().code == "InvalidRange") return unsatisfiable();
  if (!answer) return to_error("get " + std::string(key), place(), answer.error());
  object found{info_of(*answer), std::move(answer->body)};
  if (answer->status != 206) found.info.bytes = found.bytes.size();
  return found;
}

/// The bytes from `from` on, of the object that had this tag where one is given.
boost::system::result<http::client_response, failure> s3_bucket::fetch_piece(std::string_view key, std::uint64_t from,
                                                                             const std::string& etag) {
  names_and_values fields{
      {"Range", "bytes=" + std::to_string(from) + '-' + std::to_string(from + opened_piece_bytes - 1)}};
  if (!etag.empty()) fields.emplace_back("If-Match", '"' + etag + '"');
  return send(http::method::get, target(key), fields);
}

result<opened_object> s3_bucket::open(std::string_view key) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  auto file = object_file::make();
  if (!file) return file.error();
  opened_object opened;
  std::uint64_t came = 0;
  do {
    const auto answer = fetch_piece(key, came, opened.info.etag);
    if (!answer && came == 0 && answer.error().code == "InvalidRange") {
      // An empty object has no byte that a range could begin at.
      auto info = head(key);
      if (!info) return info.error();
      if (info->bytes > 0) return unavailable(place() + ": open " + std::string(key) + ": it changed meanwhile");
      opened.info = *std::move(info);
      break;
    }
    if (!answer && answer.error().kind == failure_kind::condition_failed)
      return unavailable(place() + ": open " + std::string(key) + ": it changed meanwhile");
    if (!answer) return to_error("open " + std::string(key), place(), answer.error());
    if (came == 0) opened.info = info_of(*answer);
    if (opened.info.bytes > opened_bytes_max) return too_large_to_open(opened.info.bytes);
    if (answer->body.empty()) return unavailable(place() + ": open " + std::string(key) + ": a piece without a byte");
    if (const auto kept = file->append(answer->body); !kept) return kept.error();
    came += answer->body.size();
  } while (came < opened.info.bytes);
  auto reading = file->finish();
  if (!reading) return reading.error();
  opened.file = *std::move(reading);
  return opened;
}

result<void> s3_bucket::ping() {
  const auto answer = send(http::method::head, base_ + "/");
  if (answer) return {};
  return unavailable(place() + ": " + answer.error().text);
}

result<object_info> s3_bucket::head(std::string_view key) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  const auto answer = send(http::method::head, target(key));
  if (!answer) return to_error("head " + std::string(key), place(), answer.error());
  return info_of(*answer);
}

result<void> s3_bucket::remove(std::string_view key) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  const auto answer = send(http::method::delete_, target(key));
  if (answer || (answer.error().kind == failure_kind::missing && answer.error().code != "NoSuchBucket")) return {};
  return to_error("remove " + std::string(key), place(), answer.error());
}

result<object_page> s3_bucket::list(std::string_view prefix, std::string_view after, std::size_t max) {
  if (const auto valid = validate_prefix(prefix); !valid) return valid.error();
  if (max == 0 || max > list_objects_max) return internal("a page of " + std::to_string(max) + " objects");
  std::string path = base_ + "/?list-type=2&max-keys=" + std::to_string(max);
  if (!prefix.empty()) path += "&prefix=" + percent_encode(prefix);
  if (!after.empty()) path += "&start-after=" + percent_encode(after);
  const auto answer = send(http::method::get, path);
  if (!answer) return to_error("list", place(), answer.error());
  object_page found;
  listed_object one;
  const bool whole = aws::read_xml(answer->body, [&](std::string_view at, std::string_view text) {
    if (at == "ListBucketResult/Contents/Key") one.key = text;
    if (at == "ListBucketResult/Contents/Size") one.bytes = number_in(text);
    if (at == "ListBucketResult/Contents/LastModified") one.modified = parse_instant(text).value_or(instant{});
    if (at == "ListBucketResult/Contents") found.objects.push_back(std::exchange(one, {}));
    if (at == "ListBucketResult/IsTruncated") found.more = text == "true";
  });
  if (!whole) return unavailable(place() + ": a list that is not XML");
  return found;
}

result<upload_permission> s3_bucket::permit(const upload_rules& rules) {
  if (const auto valid = validate(rules); !valid) return valid.error();
  return rules.bytes_min == rules.bytes_max ? permit_put(rules) : permit_form(rules);
}

/// Every field is signed, so that S3 takes no other length, type or content, and nothing twice.
result<upload_permission> s3_bucket::permit_put(const upload_rules& rules) {
  upload_permission made;
  made.method = "PUT";
  made.expires_at = clock_.now() + rules.lifetime;
  made.headers = encryption_fields();
  made.headers.emplace_back("Content-Type", rules.content_type);
  made.headers.emplace_back("x-amz-checksum-sha256", base64_of(*rules.sha256));
  made.headers.emplace_back("If-None-Match", "*");
  names_and_values all = made.headers;
  all.emplace_back("Content-Length", std::to_string(rules.bytes_max));  // every client sends it by itself
  const auto lines = lines_of(all);
  auto url = call_.presign({http::method::put, target(rules.key), lines, {}, {}, true}, rules.lifetime);
  if (!url) return to_error("permit", place(), url.error());
  made.url = *std::move(url);
  return made;
}

result<upload_permission> s3_bucket::permit_form(const upload_rules& rules) {
  upload_permission made;
  made.method = "POST";
  made.url = call_.where().origin + base_ + "/";
  made.expires_at = clock_.now() + rules.lifetime;
  names_and_values fields = encryption_fields();
  fields.emplace_back("key", rules.key);
  fields.emplace_back("Content-Type", rules.content_type);
  if (rules.sha256) fields.emplace_back("x-amz-checksum-sha256", base64_of(*rules.sha256));
  const std::string more = R"({"bucket":")" + options_.bucket + R"("},["content-length-range",)" +
                           std::to_string(rules.bytes_min) + ',' + std::to_string(rules.bytes_max) + ']';
  auto form = call_.sign_form(std::move(fields), more, rules.lifetime);
  if (!form) return to_error("permit", place(), form.error());
  made.fields = *std::move(form);
  return made;
}

}  // namespace

result<std::string> s3_bucket_url(const s3_options& options, const aws::environment& surroundings) {
  if (!is_bucket_name(options.bucket))
    return malformed("'" + options.bucket + "' is no bucket's name: 3 to 63 small letters, digits, '-' and '.'.");
  auto endpoint = surroundings.endpoint(s3_name);
  if (!endpoint) return endpoint.error();
  while (endpoint->ends_with('/')) endpoint->pop_back();
  const bool awss_own = *endpoint == surroundings.own_endpoint(s3_name);
  const bool by_host = options.how == addressing::host || (options.how == addressing::automatic && awss_own &&
                                                           options.bucket.find('.') == std::string::npos);
  if (by_host)
    endpoint->insert(endpoint->find("://") + 3, options.bucket + ".");
  else
    *endpoint += "/" + options.bucket;
  return endpoint;
}

result<std::unique_ptr<object_store>> open_s3_bucket(const s3_options& options, http::client& client,
                                                     aws::environment& surroundings, const clock& clock) {
  const auto url = s3_bucket_url(options, surroundings);
  if (!url) return url.error();
  auto where = aws::parse_url(*url);
  if (!where) return internal("an endpoint that is no URL: " + *url);
  std::string base = where->path;
  return std::make_unique<s3_bucket>(options, client, surroundings, *std::move(where), std::move(base), clock);
}

std::vector<aws::iam_statement> statements(const s3_options& options) {
  const std::string bucket = "arn:{partition}:s3:::" + options.bucket;
  std::vector<aws::iam_statement> made{
      {"Objects", {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"}, {bucket + "/*"}},
      // Without it, what is absent answers 403.
      {"Bucket", {"s3:ListBucket"}, {bucket}},
  };
  if (options.encrypted == encryption::kms && !options.kms_key.empty())
    made.push_back({"BucketKey", {"kms:Decrypt", "kms:GenerateDataKey"}, {options.kms_key}, "s3"});
  return made;
}

}  // namespace spaces::bucket
