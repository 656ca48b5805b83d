import assert from "node:assert/strict";
import test from "node:test";
import { DemoRoom } from "../../../../static/js/data/room/demo.js";

const WORDS = /** @type {any} */ ({
  not_here: "Aquí no.",
  voters: "Faltan personas.",
  missing: "Falta {problem}.",
  witnesses: "Faltan testigos.",
  empty: "Nada contado.",
  cap: "{problem}: a lo más {most}.",
  not_whole: "Un número.",
  text: "Escribe.",
  agreement: "Quién y cuándo.",
  declined: "Por qué.",
  minute_kinds: { agreement: "Acuerdo" },
});
const STATE = /** @type {any} */ ({
  revision: 1,
  state: "announced",
  shown: "",
  mode: "tokens",
  people: 0,
  voters: 0,
  tokens_each: 0,
  tokens_per_issue: 0,
  attendance: { lines: [], people: 0, voters: 0 },
  organisations: [],
  ballot: [],
  minutes: [],
  witnesses: [],
  candidates: ["A", "B"].map((issue) => ({
    issue,
    reference: issue,
    title: `Hoyo ${issue}`,
    index: 10,
    tokens: null,
    people: null,
    place: null,
  })),
});

/** @param {import("node:test").TestContext} context */
function room(context) {
  const made = new DemoRoom({ words: WORDS }, STATE);
  context.after(() => made.channel.close());
  return made;
}

/** @param {DemoRoom} demo @param {[string, object][]} acts */
async function act(demo, ...acts) {
  for (const [name, body] of acts) await demo.act(name, body);
  return demo.state;
}

/** @type {[string, object][]} */
const VOTING = [
  ["open", {}],
  ["attendance", { organisation: null, people: 10 }],
  ["ballot-add", { issue: "A" }],
  ["ballot-add", { issue: "B" }],
  ["start", {}],
];

test("a whole evening ends with places and supports, and the given state is untouched", async (context) => {
  const demo = room(context);
  const closed = await act(
    demo,
    ...VOTING,
    ["total", { issue: "A", tokens: 4, people: 4 }],
    ["total", { issue: "B", tokens: 7, people: 7 }],
    ["witnesses", { names: ["Ana ", "Luis", ""] }],
    ["close", {}],
  );
  assert.deepEqual(
    closed.ballot.map(({ issue, place, support }) => [issue, place, support]),
    [
      ["B", 1, 23.3],
      ["A", 2, 13.3],
    ],
  );
  assert.equal(STATE.state, "announced");
  assert.equal(STATE.ballot.length, 0);
});

for (const [acts, sentence] of /** @type {[[string, object][], string][]} */ ([
  [[["fly", {}]], "Aquí no."],
  [
    [
      ["open", {}],
      ["ballot-add", { issue: "A" }],
      ["start", {}],
    ],
    "Faltan personas.",
  ],
  [[["attendance", { organisation: null, people: 1.5 }]], "Un número."],
  [[...VOTING, ["close", {}]], "Falta Hoyo A."],
  [[...VOTING, ["total", { issue: "A", tokens: 9, people: 2 }]], "Hoyo A: a lo más 2."],
  [[["note", { kind: "note", text: " " }]], "Escribe."],
  [[["note", { kind: "agreement", text: "Reparar", office: "" }]], "Quién y cuándo."],
])) {
  test(`refused with «${sentence}», and nothing changes`, async (context) => {
    const demo = room(context);
    await act(demo, ...acts.slice(0, -1));
    const before = demo.state;
    await assert.rejects(act(demo, acts[acts.length - 1]), { message: sentence });
    assert.equal(demo.state, before);
  });
}
