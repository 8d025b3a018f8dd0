#include "marketplace/images/preparing.hpp"

#include "marketplace/images/likeness_index.hpp"
#include "marketplace/images/limits.hpp"
#include "platform/picture/header.hpp"
#include "platform/table/entity.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace spaces::images {

namespace {

using properties::image_source;
using properties::image_status;
using properties::images_revision;
using properties::listing_image;
using properties::property;
using properties::source_type;

/// Nobody waits for it but the job.
constexpr std::chrono::seconds write_time_max{20};

listing_image* find_image(std::vector<listing_image>& among, const uuid& id) {
  const auto at = std::ranges::find(among, id, &listing_image::id);
  return at == among.end() ? nullptr : &*at;
}

std::vector<image_source> sources_of(const picture::prepared& made) {
  std::vector<image_source> sources;
  for (const picture::file& each : made.files)
    if (const auto type = record::from_name<source_type>(each.content_type))
      sources.push_back({*type, each.width, each.height, each.bytes.size()});
  return sources;
}

std::string to_hex_text(std::uint64_t bits) { return fmt::format("{:016x}", bits); }

std::uint64_t bits_of(const std::optional<std::string>& hex) {
  std::uint64_t bits = 0;
  if (hex) std::from_chars(hex->data(), hex->data() + hex->size(), bits, 16);
  return bits;
}

error gone() { return not_found("image"); }

constexpr const char* lost = "The uploaded file is not there any more; please add the picture again.";
constexpr const char* not_its_fault =
    "The picture could not be prepared, which is not its own fault; please add it again later.";

/// As the runner of jobs has it, which gives up at anything else.
bool may_succeed_later(const error& why) {
  return why.kind == error_kind::unavailable || why.kind == error_kind::storage_full ||
         why.kind == error_kind::limited || why.kind == error_kind::internal || why.kind == error_kind::conflict;
}

}  // namespace

preparing::preparing(table::single_table& table, const clock& clock, bucket::object_store& bucket,
                     properties::properties& listings, picture::preparer& preparer, jobs::bell& slow_bell)
    : table_(table),
      clock_(clock),
      bucket_(bucket),
      listings_(listings),
      preparer_(preparer),
      slow_bell_(slow_bell),
      alike_(table, clock) {}

result<std::optional<image>> preparing::facts_of(const about_image& what) {
  return table::find<to_image>(table_, key_of(what.image), table::consistency::strong);
}

/// The picture as its listing has it; empty when it is gone.
result<std::optional<listing_image>> preparing::listed(const about_image& what) {
  const auto listing =
      table::find<properties::to_property>(table_, properties::key_of(what.listing), table::consistency::strong);
  if (!listing) return listing.error();
  if (!*listing) return std::optional<listing_image>();
  std::vector<listing_image> all = (*listing)->images.images();
  listing_image* const found = find_image(all, what.image);
  return found ? std::optional(std::move(*found)) : std::nullopt;
}

/// What was announced is what was permitted; what is no picture at all, a worker says better.
result<void> judge_type(const bucket::opened_object& original, image_type announced) {
  char bytes[picture::format_bytes];
  const ssize_t read = ::pread(original.file.get(), bytes, std::min<std::size_t>(sizeof bytes, original.info.bytes), 0);
  const auto is = picture::format_of({bytes, static_cast<std::size_t>(std::max<ssize_t>(read, 0))});
  const std::string_view said = record::to_name(announced);
  if (!is || picture::content_type_of(*is) == said) return {};
  return invalid({{"", "type",
                   fmt::format("This picture is {} and was announced as {}: add it again as what it is.",
                               picture::content_type_of(*is), said)}});
}

/// `invalid` for what the person has to know, `not_found` where there is no original.
result<picture::prepared> preparing::made_of(const image& facts, picture::stage stage) {
  const auto original = bucket_.open(original_key(facts.property_id, facts.id));
  if (!original) return original.error();
  if (const auto right = judge_type(*original, facts.type); !right) return right.error();
  return preparer_.prepare(original->file.get(), original->info.bytes, stage);
}

result<void> preparing::put_files(const image& facts, const std::vector<picture::file>& files) {
  const properties::image_name name = file_name_of(facts);
  for (const picture::file& each : files) {
    const auto type = record::from_name<source_type>(each.content_type);
    if (!type) return internal("a worker made " + each.content_type);
    const std::string key = properties::media_key(facts.property_id, name, *type, each.width);
    if (const auto done = bucket_.put(key, each.bytes, {.content_type = each.content_type}); !done) return done;
  }
  return {};
}

result<void> preparing::prepare(const about_image& what, std::int64_t tries) {
  const auto facts = facts_of(what);
  if (!facts) return facts.error();
  const auto shown = listed(what);
  if (!shown) return shown.error();
  if (!*shown || (*shown)->status != image_status::preparing) return {};
  if (!*facts) return refuse(what, lost);
  const auto made = made_of(**facts, picture::stage::first);
  if (!made) {
    const error& why = made.error();
    if (picture::is_refused(why)) return refuse(what, why.public_text);
    if (why.kind == error_kind::not_found) return refuse(what, lost);
    return tries < prepare_tries_max && may_succeed_later(why) ? result<void>(why) : refuse(what, not_its_fault);
  }
  if (const auto put = put_files(**facts, made->files); !put)
    return tries < prepare_tries_max && may_succeed_later(put.error()) ? put : refuse(what, not_its_fault);
  const auto done = show(**facts, *made, image_status::preparing);
  if (!done && done.error().kind == error_kind::not_found) return clean(**facts);
  return done;
}

result<void> preparing::prepare_outside(const image& facts, std::int64_t tries) {
  const auto made = made_of(facts, picture::stage::first);
  if (!made) {
    if (picture::is_refused(made.error()) || (tries < prepare_tries_max && may_succeed_later(made.error())))
      return made.error();
    return invalid({{"", "not-prepared", not_its_fault}});
  }
  if (const auto put = put_files(facts, made->files); !put) return put;
  const auto done = show(facts, *made, image_status::outside);
  if (!done && done.error().kind == error_kind::not_found) return clean(facts);
  return done;
}

result<void> preparing::show(const image& facts, const picture::prepared& made, image_status from) {
  const auto ready = [&](const property& before) -> result<std::optional<images_revision>> {
    images_revision becomes{before.images.images()};
    listing_image* const found = find_image(becomes.images, facts.id);
    if (!found) return gone();
    if (found->status != from) return std::optional<images_revision>();
    found->status = image_status::ready;
    found->url.clear();
    found->name = file_name_of(facts);
    found->width = made.width;
    found->height = made.height;
    found->placeholder = made.placeholder;
    found->sources = sources_of(made);
    image known = facts;
    known.likeness = to_hex_text(made.likeness);
    const instant now = clock_.now();
    becomes.alongside.emplace_back(table::put{key_of(facts.id), to_item(known), {}});
    becomes.alongside.emplace_back(enter_likeness({made.likeness, facts.id, facts.property_id, facts.user_id}));
    becomes.alongside.emplace_back(enqueue(finish_job, {facts.property_id, facts.id}, now));
    return std::optional(std::move(becomes));
  };
  const auto written = listings_.progress_images(facts.property_id, clock_.now() + write_time_max, ready);
  if (!written) return written.error();
  slow_bell_.ring();
  return {};
}

result<bool> preparing::remake(const about_image& what) {
  const auto facts = facts_of(what);
  if (!facts) return facts.error();
  const auto shown = listed(what);
  if (!shown) return shown.error();
  if (!*facts || !*shown || (*shown)->status != image_status::ready || (*shown)->name != file_name_of(**facts))
    return false;
  const auto made = made_of(**facts, picture::stage::first);
  if (!made && made.error().kind == error_kind::not_found) return false;
  if (!made) return made.error();
  if (const auto put = put_files(**facts, made->files); !put) return put.error();
  const auto again = [&](const property& before) -> result<std::optional<images_revision>> {
    images_revision becomes{before.images.images()};
    listing_image* const found = find_image(becomes.images, what.image);
    if (!found) return gone();
    found->sources = sources_of(*made);
    return std::optional(std::move(becomes));
  };
  const auto written = listings_.progress_images(what.listing, clock_.now() + write_time_max, again);
  if (!written) return written.error();
  if (const auto finished = finish(what, 1); !finished) return finished.error();
  return true;
}

result<void> preparing::refuse(const about_image& what, std::string reason) {
  if (reason.size() > properties::image_reason_max) reason.resize(properties::image_reason_max);
  const auto refused = [&](const property& before) -> result<std::optional<images_revision>> {
    images_revision becomes{before.images.images()};
    listing_image* const found = find_image(becomes.images, what.image);
    if (!found || found->status != image_status::preparing) return std::optional<images_revision>();
    found->status = image_status::refused;
    found->reason = reason;
    return std::optional(std::move(becomes));
  };
  const auto written = listings_.progress_images(what.listing, clock_.now() + write_time_max, refused);
  if (!written && written.error().kind != error_kind::not_found) return written.error();
  // What cannot be removed now is swept later.
  static_cast<void>(bucket_.remove(original_key(what.listing, what.image)));
  return {};
}

result<void> preparing::clean(const image& facts) {
  const std::string prefix = properties::media_prefix(facts.property_id, file_name_of(facts));
  const auto page = bucket_.list(prefix, "", bucket::list_objects_max);
  if (!page) return page.error();
  for (const bucket::listed_object& each : page->objects)
    if (const auto done = bucket_.remove(each.key); !done) return done;
  return bucket_.remove(original_key(facts.property_id, facts.id));
}

result<void> preparing::finish(const about_image& what, std::int64_t tries) {
  const auto facts = facts_of(what);
  if (!facts) return facts.error();
  const auto shown = listed(what);
  if (!shown) return shown.error();
  if (!*facts || !*shown || (*shown)->status != image_status::ready) return {};
  if (const auto compared = compare(**facts); !compared) return compared;
  const bool has_avif =
      std::ranges::any_of((*shown)->sources, [](const image_source& each) { return each.type == source_type::avif; });
  if (has_avif || (*shown)->name != file_name_of(**facts)) return {};
  const auto made = made_of(**facts, picture::stage::avif);
  if (!made) {
    const error& why = made.error();
    // It is shown as it is.
    if (picture::is_refused(why) || why.kind == error_kind::not_found || tries >= prepare_tries_max) return {};
    return why;
  }
  if (const auto put = put_files(**facts, made->files); !put) return put;
  const auto done = add_sources(**facts, *made);
  if (!done && done.error().kind == error_kind::not_found) return clean(**facts);
  return done;
}

result<void> preparing::add_sources(const image& facts, const picture::prepared& made) {
  const auto more = [&](const property& before) -> result<std::optional<images_revision>> {
    images_revision becomes{before.images.images()};
    listing_image* const found = find_image(becomes.images, facts.id);
    if (!found) return gone();
    std::erase_if(found->sources, [](const image_source& each) { return each.type == source_type::avif; });
    std::ranges::move(sources_of(made), std::back_inserter(found->sources));
    return std::optional(std::move(becomes));
  };
  const auto written = listings_.progress_images(facts.property_id, clock_.now() + write_time_max, more);
  if (!written) return written.error();
  return {};
}

result<void> preparing::compare(const image& facts) {
  if (!facts.likeness) return {};
  const likeness mine{bits_of(facts.likeness), facts.id, facts.property_id, facts.user_id};
  std::size_t kept = 0;
  result<void> outcome;
  const auto visited = visit_alike(table_, mine, [&](const likeness& other, int distance) {
    outcome = alike_.keep(mine, other, distance);
    return outcome.has_value() && ++kept < alike_reports_max;
  });
  if (!visited) return visited;
  return outcome;
}

std::vector<job_row> preparing_jobs(preparing& service) {
  using work = result<void> (preparing::*)(const about_image&, std::int64_t);
  const auto row = [&service](std::string_view kind, work does) {
    return job_row{kind,
                   [&service, does](const uuid&, record::item_view details) -> result<void> {
                     const auto what = read_about_image(details);
                     if (!what) return what.error();
                     const record::value tries = details.find(jobs::layout::tries);
                     return (service.*does)(*what, scaled(tries.number, 0).value_or(1));
                   },
                   jobs::queue::slow};
  };
  return {row(prepare_job, &preparing::prepare), row(finish_job, &preparing::finish)};
}

}  // namespace spaces::images
