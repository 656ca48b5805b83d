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
  second: "Código y nombre.",
  second_name: "La junta",
  twice: "Dos veces igual.",
  figures: "{tokens} y {people}",
  not_typed: "sin anotar",
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

/** Hand the invented tablet over and type it all once more. @param {DemoRoom} demo @param {number} a @param {number} b */
async function again(demo, a, b) {
  demo.code = "X";
  await act(demo, ["count", { side: 2, witness: "Rosa" }]);
  await demo.use("X");
  assert.deepEqual(
    demo.state.ballot.map(({ tokens }) => tokens),
    [null, null],
  );
  await act(demo, ["total", { issue: "A", tokens: a, people: a }], ["total", { issue: "B", tokens: b, people: b }]);
  await demo.use("");
  return act(demo, ["compare", {}]);
}

test("the invented room closes only what was typed twice alike", async (context) => {
  const demo = room(context);
  await act(demo, ...VOTING, ["total", { issue: "A", tokens: 4, people: 4 }], ["total", { issue: "B", tokens: 7, people: 7 }]);
  await act(demo, ["witnesses", { names: ["Ana", "Luis"] }]);
  await assert.rejects(act(demo, ["close", {}]), { message: "Dos veces igual." });
  const state = await again(demo, 4, 6);
  assert.deepEqual(state.compared, { differences: [{ what: "Hoyo B", first: "7 y 7", second: "6 y 6" }] });
  await assert.rejects(act(demo, ["close", {}]), { message: "Dos veces igual." });
  await demo.use("X");
  await act(demo, ["total", { issue: "B", tokens: 7, people: 7 }]);
  await demo.use("");
  assert.equal((await act(demo, ["close", {}])).state, "closed");
});

test("a total that is typed away again is said to be missing, and no count without it is compared", async (context) => {
  const demo = room(context);
  const typed = /** @type {[string, object][]} */ ([
    ["total", { issue: "A", tokens: 4, people: 4 }],
    ["total", { issue: "B", tokens: 7, people: 7 }],
  ]);
  await act(demo, ...VOTING, ...typed);
  await again(demo, 4, 7);
  const state = await act(demo, ["total", { issue: "B", tokens: null, people: null }]);
  assert.deepEqual(state.compared, { differences: [{ what: "Hoyo B", first: "sin anotar", second: "7 y 7" }] });
  await assert.rejects(act(demo, ["compare", {}]), { message: "Dos veces igual." });
});

test("a whole evening ends with places and supports, and the given state is untouched", async (context) => {
  const demo = room(context);
  await act(
    demo,
    ...VOTING,
    ["total", { issue: "A", tokens: 4, people: 4 }],
    ["total", { issue: "B", tokens: 7, people: 7 }],
    ["witnesses", { names: ["Ana ", "Luis", ""] }],
  );
  await again(demo, 4, 7);
  const closed = await act(demo, ["close", {}]);
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
