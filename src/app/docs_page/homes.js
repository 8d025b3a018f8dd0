// The newest homes: what a client does with the answers of the API.
const api = "/api/v1/properties";
const mimeTypes = {avif: "image/avif", webp: "image/webp", jpg: "image/jpeg"};
const cardWidths = "(min-width: 40rem) 20rem, 94vw";
const list = document.querySelector("#homes");
const state = document.querySelector("#state");
const more = document.querySelector("#more");
const dialog = document.querySelector("#home");
let next = null;

/** An element with members and children; texts stay texts, so that nothing of a listing is read as HTML. */
function element(name, members = {}, ...children) {
  const made = Object.assign(document.createElement(name), members);
  made.append(...children);
  return made;
}

/** The mean colour of a ThumbHash: what its first three bytes say. */
function colourOf(placeholder) {
  const [a, b, c] = Uint8Array.from(atob(placeholder), (one) => one.charCodeAt(0));
  const head = a | (b << 8) | (c << 16);
  const light = (head & 63) / 63, p = ((head >> 6) & 63) / 31.5 - 1, q = ((head >> 12) & 63) / 31.5 - 1;
  const blue = light - (2 / 3) * p, red = (3 * light - blue + q) / 2, green = red - q;
  return `rgb(${[red, green, blue].map((part) => Math.round(255 * Math.min(1, Math.max(0, part)))).join(" ")})`;
}

/** <picture> of files by type: [[type, "url 320w, url 640w"], …], the best first. */
function picture(sets, image, sizes) {
  const img = element("img", {
    alt: image.alt ?? "", loading: "lazy", decoding: "async", width: image.width, height: image.height, sizes,
  });
  img.srcset = sets.at(-1)[1];
  const sources = sets.slice(0, -1).map(([type, srcset]) => element("source", {type, srcset, sizes}));
  return element("picture", {}, ...sources, img);
}

function coverOf(home) {
  const frame = element("div", {className: "picture"});
  const cover = home.cover;
  if (!cover) return frame;
  if (cover.placeholder) frame.style.background = colourOf(cover.placeholder);
  if (!cover.url.includes("{width}")) {  // an outside picture has one address
    frame.append(element("img", {src: cover.url, alt: "", loading: "lazy"}));
    return frame;
  }
  const url = (width, type) => cover.url.replace("{width}", width).replace("{type}", type);
  const sets = cover.types.map((type) =>
    [mimeTypes[type], cover.widths.map((width) => `${url(width, type)} ${width}w`).join(", ")]);
  frame.append(picture(sets, {width: cover.width, height: cover.height}, cardWidths));
  return frame;
}

function factsOf(home) {
  const parts = [[home.bedrooms, "bedrooms"], [home.bathrooms, "bathrooms"], [home.squareFeet, "sq ft"]];
  return parts.filter(([count]) => count != null).map(([count, of]) => `${count.toLocaleString()} ${of}`).join(" · ");
}

function card(home) {
  const link = element("a", {href: `#${home.id}`}, home.title);
  return element("li", {}, coverOf(home), element("div", {className: "facts"},
    element("p", {className: "price"}, home.price.toLocaleString()),
    element("h2", {}, link),
    element("p", {}, factsOf(home)),
    element("p", {className: "where"}, `${[home.address, home.city].filter(Boolean).join(", ")}, ${home.state}`)));
}

async function read(path) {
  const answer = await fetch(path, {headers: {Accept: "application/json"}});
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? body.title ?? `Status ${answer.status}`);
  return body;
}

async function show(fromStart) {
  const query = new URLSearchParams({limit: 24, city: document.querySelector("#city").value});
  if (!fromStart && next) query.set("cursor", next);
  try {
    const page = await read(`${api}?${query}`);
    if (fromStart) list.replaceChildren();
    list.append(...page.items.map(card));
    next = page.nextCursor;
    state.textContent = list.children.length ? "" : "No homes here yet.";
  } catch (failure) {
    state.textContent = `The homes could not be read: ${failure.message}`;
  }
  more.hidden = !next;
}

async function open(id) {
  try {
    const home = await read(`${api}/${encodeURIComponent(id)}`);
    document.querySelector("#home-title").textContent = home.title;
    document.querySelector("#home-facts").textContent = `${home.price.toLocaleString()} · ${factsOf(home)}`;
    document.querySelector("#home-text").textContent = home.description ?? "";
    document.querySelector("#home-pictures").replaceChildren(...home.images.map((image) => {
      if (!image.sources.length) return element("img", {src: image.url, alt: image.alt ?? "", loading: "lazy"});
      const types = [...new Set(image.sources.map((file) => file.type))];
      const sets = types.map((type) => [type, image.sources.filter((file) => file.type === type)
        .map((file) => `${file.url} ${file.width}w`).join(", ")]);
      return picture(sets, image, "(min-width: 60rem) 54rem, 88vw");
    }));
    dialog.showModal();
  } catch (failure) {
    state.textContent = `The home could not be read: ${failure.message}`;
  }
}

const openNamed = () => location.hash.length > 1 && open(location.hash.slice(1));
document.querySelector("#search").addEventListener("submit", (event) => {
  event.preventDefault();
  show(true);
});
more.addEventListener("click", () => show(false));
dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname));
window.addEventListener("hashchange", openNamed);
await show(true);
openNamed();
