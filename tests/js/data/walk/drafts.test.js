import assert from "node:assert/strict";
import test from "node:test";
import { currentDraft, dropDraft, isTouched, keepDraft, newDraft, otherDrafts } from "../../../../static/js/data/walk/drafts.js";
import { save } from "../../../../static/js/data/walk/outbox.js";
import { emptyStore, MAKING } from "../../helpers.js";

test("a draft is there again after the page is gone", async () => {
  const db = await emptyStore();
  const draft = newDraft({ title: "Hoyo" });
  await keepDraft(db, draft);
  assert.deepEqual(await currentDraft(db), draft);
  await dropDraft(db, draft.id);
  assert.notEqual((await currentDraft(db)).id, draft.id);
});

test("a draft that became a record before it could be dropped is none", async () => {
  const db = await emptyStore();
  const draft = newDraft({ title: "Hoyo" });
  await keepDraft(db, draft);
  await save(db, { ...MAKING, id: draft.id, kind: "issue" });
  assert.notEqual((await currentDraft(db)).id, draft.id);
  assert.equal(await db.count("drafts"), 0);
});

test("other drafts are those with something in them, newest first, less the open one", async () => {
  const db = await emptyStore();
  const drafts = [newDraft({ title: "1", made: 1 }), newDraft({ title: "2", made: 2 }), newDraft(), newDraft({ title: "open" })];
  for (const draft of drafts) await keepDraft(db, draft);
  assert.deepEqual(
    (await otherDrafts(db, drafts[3].id)).map(({ title }) => title),
    ["2", "1"],
  );
});

test("an empty form is untouched", () => {
  assert.equal(isTouched(newDraft()), false);
  assert.equal(isTouched(newDraft({ category: "hoyo" })), true);
});
