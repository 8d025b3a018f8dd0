#include "marketplace/images/routes.hpp"

#include "marketplace/images/requests.hpp"
#include "platform/http/answers.hpp"
#include "platform/http/handler.hpp"
#include "platform/http/parameters.hpp"
#include "platform/record/object_shape.hpp"

#include <utility>

namespace spaces::images {

namespace {

using http::request_context;
using record::on_create;

constexpr std::string_view all = "/api/v1/properties/{id}/images";
constexpr std::string_view one = "/api/v1/properties/{id}/images/{imageId}";

std::string json_of(const image_views& views, const shown_picture& shown) {
  std::string out;
  properties::append_image(out, shown.listing, shown.picture, views.base);
  return out;
}

std::string json_of(const image_views& views, const uuid& listing, std::string_view packed, bool to_owner) {
  const std::string id = to_text(listing);
  std::string out;
  record::text_buffer text(out);
  text.put("{\"images\":");
  record::put_packed(text, properties::image_list_form, packed, {views.base, to_owner, id});
  text.put('}');
  text.flush();
  return out;
}

result<announced_answer> announce_image(image_views& views, const request_context& context, const http::path_id& id,
                                        const http::body<image, on_create>& body,
                                        const http::idempotency_of<image>& idempotency) {
  const auto made = views.service.announce(
      context.who, id.value, body.value, table::keyed_request(context.who.id, idempotency.key, idempotency.fingerprint),
      context.incoming.deadline);
  if (!made) return made.error();
  announced_answer answer{json_of(views, made->image), made->image.version, {}};
  answer.json.pop_back();
  answer.json += ",\"upload\":";
  if (made->upload)
    append_permission(answer.json, *made->upload);
  else
    answer.json += "null";
  answer.json += '}';
  answer.location = "/api/v1/properties/" + to_text(made->image.listing) + "/images/" + to_text(made->image.picture.id);
  return answer;
}

result<image_answer> image_uploaded(image_views& views, const request_context& context, const http::path_id& id,
                                    const http::second_id& image) {
  const auto shown = views.service.uploaded(context.who, id.value, image.value, context.incoming.deadline);
  if (!shown) return shown.error();
  return image_answer{json_of(views, *shown), shown->version};
}

result<images_answer> list_images(image_views& views, const request_context& context, const http::path_id& id) {
  images_answer answer;
  const auto seen =
      views.listings.view(context.who, id.value, [&](record::item_view stored, const properties::ownership& own) {
        const bool to_owner = context.who.known() && own.owner == context.who.id;
        answer.json = json_of(views, id.value, stored.find("images").text, to_owner);
        answer.version = own.version;
        answer.same_for_all = !to_owner && properties::is_public(own.status);
        answer.but_for = own.owner;
        if (to_owner) answer.view = "o";
      });
  if (!seen) return seen.error();
  return answer;
}

result<arranged_answer> arrange_images(image_views& views, const request_context& context, const http::path_id& id,
                                       const arrangement& body, const http::if_match& expected) {
  const auto after =
      views.service.arrange(context.who, id.value, body.order, expected.value, context.incoming.deadline);
  if (!after) return after.error();
  arranged_answer answer;
  answer.json = json_of(views, id.value, after->images.packed(), true);
  answer.version = after->version;
  answer.view = "o";
  return answer;
}

result<http::done> remove_image(image_views& views, const request_context& context, const http::path_id& id,
                                const http::second_id& image, const http::if_match& expected) {
  const auto gone = views.service.remove(context.who, id.value, image.value, expected.value, context.incoming.deadline);
  if (!gone) return gone.error();
  return http::done{};
}

constexpr std::string_view chapter = "Images";

}  // namespace

std::vector<http::route> routes(image_views& views, http::audience readers) {
  using http::audience;
  using http::ep;
  using http::kept_by;
  using http::method;
  using http::work;
  const auto theirs =
      http::by_path_id([&views](const caller& who, const uuid& id) { return views.listings.may_change(who, id); });
  auto announce = ep<&announce_image>(
      views, method::post, all, work::writes, audience::users, kept_by::nobody,
      {"addImage",
       chapter,
       "Add an image to a listing",
       "Announces a file of at most 25 MiB: JPEG, PNG, WebP, AVIF or HEIC. Then send its bytes as `upload` says (the "
       "method, the address, every header), and say that they are there by POST …/uploaded. Owner only; at most 50 a "
       "listing, and so many bytes in 24 hours as the deployment allows.",
       {403, 409, 429}});
  announce.permits_one = theirs;
  auto uploaded = ep<&image_uploaded>(views, method::post, "/api/v1/properties/{id}/images/{imageId}/uploaded",
                                      work::writes, audience::users, kept_by::nobody,
                                      {"imageUploaded",
                                       chapter,
                                       "Say that an image was uploaded",
                                       "It is checked and prepared then, which takes seconds: read the listing again "
                                       "until its `status` is ready, or refused with a `reason`. Once more changes "
                                       "nothing.",
                                       {403, 409}});
  uploaded.permits_one = theirs;
  auto arrange = ep<&arrange_images>(views, method::put, all, work::writes, audience::users, kept_by::nobody,
                                     {"arrangeImages",
                                      chapter,
                                      "Order a listing's images and describe them",
                                      "The first is the cover. Owner only.",
                                      {403}});
  arrange.permits_one = theirs;
  auto remove =
      ep<&remove_image>(views, method::delete_, one, work::writes, audience::users, kept_by::nobody,
                        {"removeImage", chapter, "Remove an image", "With all its files. Owner only.", {403}});
  remove.permits_one = theirs;
  return {
      std::move(announce),
      ep<&list_images>(views, method::get, all, work::reads_one, readers, kept_by::each_view,
                       {"listImages", chapter, "Read a listing's images",
                        "As the listing itself has them. Its owner sees those, too, that are awaiting their upload, "
                        "being prepared or refused."}),
      std::move(arrange),
      std::move(uploaded),
      std::move(remove),
  };
}

}  // namespace spaces::images
