#include "marketplace/properties/import/image_cells.hpp"

#include "marketplace/properties/import/column_names.hpp"
#include "platform/base/text.hpp"
#include "platform/record/json.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>
#include <utility>

namespace spaces::properties {

namespace {

using record::json_kind;
using record::json_value;

/// "https://host…", of printable ASCII: what stands in an answer is opened by browsers.
bool is_address(std::string_view text) {
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  const std::size_t host = text.find("://") + 3;
  return web && text.size() > host && text[host] != '/' && text.size() <= image_url_max &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>'; });
}

struct found_image {
  std::string url;
  std::string alt;
  std::int64_t order = 0;
};

void add(std::vector<found_image>& to, std::string_view url, std::string_view alt = {}, std::int64_t order = 0) {
  if (!is_address(url)) return;
  const bool known = std::ranges::find(to, url, &found_image::url) != to.end();
  if (known) return;
  found_image& made = to.emplace_back(found_image{std::string(url), {}, order});
  if (is_utf8(alt) && code_points(trim(alt)) <= alt_max && !has_control(alt, false)) made.alt = trim(alt);
}

/// The member of one of these names, as columns are compared.
std::string_view member_of(const json_value& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    for (const record::json_member& each : object.members)
      if (fold_column(each.name) == name &&
          (each.value.kind == json_kind::string || each.value.kind == json_kind::number))
        return each.value.text;
  return {};
}

void add_json(std::vector<found_image>& to, const json_value& json) {
  if (json.kind == json_kind::string) return add(to, trim(json.text));
  if (json.kind == json_kind::array) {
    for (const json_value& each : json.elements) add_json(to, each);
    return;
  }
  if (json.kind != json_kind::object) return;
  const std::string category = fold_column(std::string(member_of(json, {"mediacategory"})));
  if (!category.empty() && category.find("photo") == std::string::npos && category.find("image") == std::string::npos)
    return;
  const std::string_view order = member_of(json, {"order"});
  std::int64_t at = static_cast<std::int64_t>(to.size());
  std::from_chars(order.data(), order.data() + order.size(), at);
  add(to, trim(member_of(json, {"mediaurl", "url", "href", "src"})),
      member_of(json, {"shortdescription", "longdescription", "alt", "caption", "description"}), at);
}

/// From each "http" up to what cannot be in an address, or to the next one behind a separator.
void add_text(std::vector<found_image>& to, std::string_view text) {
  constexpr std::string_view ends = " \t\r\n|\"<>";
  for (std::size_t at = 0; (at = text.find("http", at)) != std::string_view::npos;) {
    std::size_t end = std::min(text.find_first_of(ends, at), text.size());
    for (const std::string_view next : {",http", ";http"}) end = std::min(end, text.find(next, at));
    std::string_view url = text.substr(at, end - at);
    while (url.ends_with(',') || url.ends_with(';')) url.remove_suffix(1);
    add(to, url);
    at = std::max(end, at + 4);
  }
}

}  // namespace

bool accept_images(image_list& into, const cell& from, std::string_view column, std::vector<problem>& problems) {
  std::vector<found_image> found;
  const std::string_view text = trim(from.text);
  if (from.json)
    add_json(found, *from.json);
  else if (const auto json = record::parse_json(text); json && json->kind == json_kind::array)
    add_json(found, *json);
  else
    add_text(found, text);
  if (found.empty()) {
    problems.push_back({std::string(column), "no-address", "must have addresses of pictures (http:// or https://)"});
    return false;
  }
  std::ranges::stable_sort(found, {}, &found_image::order);
  if (found.size() > images_max) found.resize(images_max);
  std::vector<listing_image> images;
  for (found_image& each : found) images.push_back(outside_image({}, std::move(each.url), std::move(each.alt)));
  into.set(images, images_change::with_others, 1);
  return true;
}

std::vector<listing_image> merge_outside(const uuid& listing, std::vector<listing_image> there,
                                         const std::vector<listing_image>& named) {
  const auto outside = [](const listing_image& each) { return each.status == image_status::outside; };
  const auto own = static_cast<std::size_t>(std::ranges::count_if(there, std::not_fn(outside)));
  std::vector<listing_image> merged;
  for (const listing_image& each : named) {
    if (merged.size() + own >= images_max) break;
    listing_image one = outside_image(listing, each.url, each.alt);
    // It may be fetched meanwhile, or described by its owner.
    const auto known = std::ranges::find(there, one.id, &listing_image::id);
    merged.push_back(known == there.end() ? std::move(one) : std::move(*known));
    if (known != there.end()) there.erase(known);
  }
  std::erase_if(there, outside);
  std::ranges::move(there, std::back_inserter(merged));
  return merged;
}

}  // namespace spaces::properties
