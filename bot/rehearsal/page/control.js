// Shows the scene beside the window, and asks the stage for another time, person or place.
import { tend } from "./window.js";

const find = (id) => document.getElementById(id);
const frame = find("circle");
const said = document.body.dataset;
const everySecond = 1000;
const most = 3; // lines at once beside the buttons; the log has them all
let scene = null;
let asking = 0;
let lost = false;

async function ask(path, question) {
  const answer = await fetch(path, question && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error("refused"), { sorry: told.sorry });
  return told;
}

function element(name, text = "", parts = []) {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...parts);
  return made;
}

function say(text, sorry = false) {
  const status = find("status");
  if (status.textContent !== text) status.textContent = text;
  status.toggleAttribute("data-sorry", sorry);
}

// A list of choices is built anew only when it changed, so that the keyboard's focus stays where it is.
function showChoices(id, name, items, chosen, note) {
  const root = find(id);
  const look = JSON.stringify(items);
  if (root.dataset.look !== look) {
    const focused = root.contains(document.activeElement) ? document.activeElement.value : null;
    root.dataset.look = look;
    root.replaceChildren(...items.map((item) => {
      const input = Object.assign(document.createElement("input"), { type: "radio", name, value: item.key });
      const words = element("span", item.name);
      if (item[note]) words.append(element("small", item[note]));
      const label = element("label", "", [input, words]);
      label.className = "choice";
      return label;
    }));
    [...root.querySelectorAll("input")].find((input) => input.value === focused)?.focus();
  }
  for (const input of root.querySelectorAll("input")) input.checked = input.value === chosen;
}

function showLog(happenings) {
  const log = find("log");
  const look = JSON.stringify(happenings);
  if (log.dataset.look === look) return;
  log.dataset.look = look;
  const lines = happenings.map((item) => element("li", "", [element("b", item.moment), item.text]));
  log.replaceChildren(...(lines.length ? lines : [element("li", said.empty)]));
}

function show(next) {
  const before = scene;
  scene = next;
  find("moment").textContent = next.moment;
  find("next-due").textContent = next.next_due ? `${said.nextDue} ${next.next_due}` : said.nothingDue;
  showChoices("people", "person", next.people, next.person, "role");
  showChoices("places", "place", next.places, next.place, "note");
  showLog(next.happenings);
  document.body.setAttribute("aria-busy", String(next.busy || asking > 0));
  if (before?.view !== next.view) frame.src = `/?view=${next.view}#${next.capability}`;
}

// What came of skipping time, in a line or two: what one can see from here, else the rest.
function summary(news, next) {
  const here = next.places.find((place) => place.key === next.place);
  const seen = news.filter((text) => text.includes(here?.name));
  return (seen.length ? seen : news).slice(0, most).reverse().join(" ") || said.quiet;
}

async function change(path, question, meanwhile) {
  if (asking) return;
  asking += 1;
  document.body.setAttribute("aria-busy", "true");
  say(meanwhile);
  try {
    const next = await ask(path, question);
    const news = next.happenings.slice(0, next.happenings.length - (scene?.happenings.length ?? 0));
    asking -= 1;
    show(next);
    say(path === "skip" ? summary(news.map((item) => item.text), next) : "");
  } catch (refused) {
    asking -= 1;
    await look();
    if (!lost) say(refused.sorry || said.failed, true);
  }
}

async function look() {
  if (asking) return;
  try {
    const next = await ask("scene");
    if (!asking) show(next);
    if (lost) say("");
    lost = false;
  } catch {
    say(said.lost, true);
    lost = true;
  }
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, everySecond);
}

for (const button of document.querySelectorAll("[data-skip]")) {
  button.addEventListener("click", () => change("skip", { by: button.dataset.skip }, said.skipping));
}
find("people").addEventListener("change", (event) =>
  change("show", { person: event.target.value, place: scene.place }, said.changing));
find("places").addEventListener("change", (event) =>
  change("show", { person: scene.person, place: event.target.value }, said.changing));

tend(frame, () => scene.places, (place) => change("show", { person: scene.person, place }, said.changing));

// In a low window the steps fold up, so that the controls below them stay in sight.
const enough = 760;
find("try").open = innerHeight >= enough || matchMedia("(max-width: 50rem)").matches;

keepLooking();
