// What Discord's own app does, the preview doesn't, and a visitor would miss.

const rest = { attributeFilter: ["aria-busy"] }; // the preview says by this when it has drawn everything

// Tend the preview in `frame`. `places()` are all known places; `go(key)` opens one.
export function tend(frame, places, go) {
  frame.addEventListener("load", () => {
    const page = frame.contentDocument;
    const app = page?.getElementById("preview-app");
    const timeline = page?.getElementById("channel-timeline");
    if (!app || !timeline) return;
    page.addEventListener("focusin", offerChoices);
    page.addEventListener("click", (event) => {
      const place = placeBehind(event.target, places());
      if (!place) return;
      event.preventDefault();
      go(place.key);
    });
    const follow = followTheNewest(timeline);
    const list = page.getElementById("channel-message-list");
    if (list) new ResizeObserver(follow).observe(list); // what is drawn a moment later
    new MutationObserver(() => {
      if (app.getAttribute("aria-busy") === "true") return;
      nameChannels(timeline, places());
      follow();
    }).observe(app, rest);
  });
}

// Where a press leads: the thread below a message, or the channel that a link button names.
function placeBehind(pressed, places) {
  const message = pressed.closest?.(".thread-summary")?.closest("[data-message-id]");
  if (message) return places.find((place) => place.opened_from === message.dataset.messageId);
  const link = pressed.closest?.("a[href]")?.href.match(/^https:\/\/discord\.com\/channels\/\d+\/(\d+)/);
  return link && places.find((place) => place.key === link[1]);
}

// A command's option offers its choices before anything is typed.
function offerChoices(event) {
  const field = event.target;
  if (field.matches?.(".command-option-input[aria-autocomplete]") && !field.value) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// A channel that is named in a private message stands there by its name.
function nameChannels(timeline, places) {
  const walk = timeline.ownerDocument.createTreeWalker(timeline, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode;
    const named = text.data.replace(/<#(\d+)>/g, (all, id) => places.find((place) => place.key === id)?.name ?? all);
    if (named !== text.data) text.data = named;
  }
}

// What is new comes into sight, also when one has scrolled: otherwise the bot would seem not to answer.
// An answer that was announced first is filled later: the same message, only larger.
function followTheNewest(timeline) {
  let newest = null;
  return () => {
    const last = [...timeline.querySelectorAll("[data-message-id]")].at(-1);
    const look = last && `${last.dataset.messageId} ${last.offsetHeight}`;
    if (look === newest) return;
    newest = look;
    timeline.scrollTop = timeline.scrollHeight;
  };
}
