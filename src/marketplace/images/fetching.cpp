#include "marketplace/images/fetching.hpp"

#include "marketplace/images/limits.hpp"
#include "platform/base/digest.hpp"
#include "platform/picture/header.hpp"
#include "platform/picture/limits.hpp"
#include "platform/table/entity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace spaces::images {

namespace {

using properties::image_status;
using properties::listing_image;
using properties::property;

/// A photograph of 25 MiB over a slow line; a server that gives a byte now and then holds a worker no longer.
constexpr std::chrono::seconds fetch_time_max{60};
/// Transient failures of somebody's server: an hour, with the jobs' pauses.
constexpr std::int64_t fetch_tries_max = 12;

error never(std::string_view url, std::string_view why) {
  error made = invalid({{"", "not-fetched", ""}});
  made.public_text = fmt::format("{}: {}", url, why);
  return made;
}

error later(std::string_view url, std::string_view why) { return conflict(fmt::format("{}: {}", url, why)); }

struct parts_of_url {
  std::string_view origin;  ///< "https://example.com"
  std::string_view target;  ///< "/a.jpg?b"; empty for "/"
};

std::optional<parts_of_url> split(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || !(url.starts_with("http://") || url.starts_with("https://")))
    return std::nullopt;
  const std::size_t path = std::min(url.find_first_of("/?#", scheme + 3), url.size());
  std::string_view target = url.substr(path);
  target = target.substr(0, target.find('#'));
  return parts_of_url{url.substr(0, path), target};
}

/// Where a Location leads (RFC 9110, 10.2.2); empty for what is not of the web.
std::string resolved(std::string_view from, std::string_view location) {
  const auto base = split(from);
  if (split(location)) return std::string(location);
  if (!base || location.empty() || location.find("://") != std::string_view::npos) return {};
  if (location.starts_with("//")) return std::string(from.substr(0, from.find(':') + 1)).append(location);
  if (location.starts_with('/')) return std::string(base->origin).append(location);
  const std::string_view folder = base->target.substr(0, base->target.find('?'));
  const std::size_t slash = folder.rfind('/');
  return std::string(base->origin)
      .append(slash == std::string_view::npos ? "/" : folder.substr(0, slash + 1))
      .append(location);
}

/// As it is remembered; a worker judges it.
image_type type_of(std::string_view bytes) {
  const auto is = picture::format_of(bytes);
  return is ? record::from_name<image_type>(picture::content_type_of(*is)).value_or(image_type::jpeg)
            : image_type::jpeg;
}

}  // namespace

result<std::string> fetch_bytes(http::client& web, std::string url) {
  const auto deadline = std::chrono::steady_clock::now() + fetch_time_max;
  for (int hops = 0; hops <= redirects_max; ++hops) {
    const auto parts = split(url);
    if (!parts) return never(url, "is no address of a picture");
    const std::string target =
        parts->target.starts_with('/') ? std::string(parts->target) : '/' + std::string(parts->target);
    const http::field_line fields[] = {{"Accept", "image/avif,image/webp,image/*"},
                                       {"User-Agent", "lifestyle-spaces (pictures of an import)"}};
    http::client_request outgoing;
    outgoing.verb = http::method::get;
    outgoing.origin = parts->origin;
    outgoing.target = target;
    outgoing.fields = fields;
    outgoing.deadline = deadline;
    auto answer = web.send(outgoing);
    if (!answer) return later(url, answer.error().text);
    if (answer->status == 200) {
      if (answer->body.empty() || answer->body.size() > picture::file_bytes_max)
        return never(url, fmt::format("has {} bytes; 1 to {} are taken", answer->body.size(), picture::file_bytes_max));
      return std::move(answer->body);
    }
    if (answer->status < 300 || answer->status > 399)
      return answer->status > 399 && answer->status < 500 && answer->status != 429
                 ? never(url, fmt::format("answers {}", answer->status))
                 : later(url, fmt::format("answers {}", answer->status));
    std::string next = resolved(url, answer->field("Location"));
    if (next.empty()) return never(url, "leads nowhere");
    url = std::move(next);
  }
  return never(url, fmt::format("is led to by more than {} others", redirects_max));
}

fetching::fetching(table::single_table& table, const clock& clock, bucket::object_store& bucket,
                   properties::properties& listings, preparing& prepares, client_maker make_client,
                   jobs::bell& slow_bell)
    : table_(table),
      clock_(clock),
      bucket_(bucket),
      listings_(listings),
      prepares_(prepares),
      make_client_(std::move(make_client)),
      slow_bell_(slow_bell) {}

result<void> fetching::ask_for_all(const uuid& listing) {
  const auto found =
      table::find<properties::to_property>(table_, properties::key_of(listing), table::consistency::strong);
  if (!found) return found.error();
  if (!*found) return {};
  for (const listing_image& each : (*found)->images.images()) {
    if (each.status != image_status::outside) continue;
    const auto written = table_.write({enqueue(fetch_job, {listing, each.id}, clock_.now())});
    if (!written) return written.error();
  }
  slow_bell_.ring();
  return {};
}

/// What is known of it, the same at each try: names of files are made of it.
result<image> fetching::facts_for(const uuid& listing, const uuid& owner, const listing_image& picture,
                                  const std::string& bytes) {
  const std::string digest = to_hex(sha256(bytes));
  auto known = table::find<to_image>(table_, key_of(picture.id), table::consistency::strong);
  if (!known) return known.error();
  if (*known && (*known)->sha256 == digest) return **std::move(known);
  image made;
  made.id = picture.id;
  made.property_id = listing;
  made.user_id = owner;
  made.bytes = static_cast<std::int64_t>(bytes.size());
  made.sha256 = digest;
  made.type = type_of(bytes);
  made.created_at = clock_.now();
  made.salt = fresh_salt();
  const auto written = table_.write({table::put{key_of(made.id), to_item(made), {}}});
  if (!written) return written.error();
  return made;
}

result<void> fetching::fetch(const about_image& what, std::int64_t tries) {
  const auto listing =
      table::find<properties::to_property>(table_, properties::key_of(what.listing), table::consistency::strong);
  if (!listing) return listing.error();
  if (!*listing) return {};
  const std::vector<listing_image> all = (*listing)->images.images();
  const auto picture = std::ranges::find(all, what.image, &listing_image::id);
  if (picture == all.end() || picture->status != image_status::outside) return {};
  const auto web = make_client_();
  if (!web) return unavailable(web.error().public_text);
  const auto bytes = fetch_bytes(**web, picture->url);
  if (!bytes && bytes.error().kind == error_kind::conflict && tries >= fetch_tries_max)
    return never(picture->url, bytes.error().public_text);
  if (!bytes) return bytes.error();
  const auto facts = facts_for(what.listing, (*listing)->user_id, *picture, *bytes);
  if (!facts) return facts.error();
  const std::string_view type = record::to_name(facts->type);
  if (const auto put = bucket_.put(original_key(what.listing, what.image), *bytes, {.content_type = std::string(type)});
      !put)
    return put;
  return prepares_.prepare_outside(*facts, tries);
}

std::vector<job_row> fetching_jobs(fetching& service) {
  const auto all = [&service](const uuid&, record::item_view details) -> result<void> {
    const auto listing = parse_uuid(details.find("propertyId").text);
    if (!listing) return invalid({{"", "wrong-type", "pictures of no listing are to be fetched"}});
    return service.ask_for_all(*listing);
  };
  const auto one = [&service](const uuid&, record::item_view details) -> result<void> {
    const auto what = read_about_image(details);
    if (!what) return what.error();
    return service.fetch(*what, scaled(details.find(jobs::layout::tries).number, 0).value_or(1));
  };
  return {{properties::fetch_images_job, all, jobs::queue::slow}, {fetch_job, one, jobs::queue::slow}};
}

}  // namespace spaces::images
