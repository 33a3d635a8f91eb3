import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, go, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let assessor: Client;
const PERIOD = "2026-12"; // 2026-11-19 … 2026-12-18
const base = "/api/assessment/callbacks";
let cameBack: string;

/** A ticket of that unit, called back by the centre and by the city. */
async function heard(unit: string, own: object, city: object | null): Promise<string> {
  const id = await bring(town, "calling", unit);
  await go(await town.as("caller"), id, "callback", { outcome: "answered", ...own });
  if (city !== null) await go(assessor, id, "cityResult", { outcome: "answered", ...city });
  return id;
}

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  const good = { answers: { contacted: "yes", solved: "yes", satisfied: "satisfied" } };
  const unsolved = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
  cameBack = await heard(
    "清河",
    { answers: unsolved, reasons: { solved: "came-back", satisfied: "slow" } },
    { answers: unsolved, reason: "灯又坏了", reasons: { solved: "came-back" } },
  );
  await heard("清河", { answers: { solved: "partly" }, reason: "只修了一盏" }, good);
  await heard("香山", { answers: unsolved, reasons: { solved: "came-back" } }, null);
  await heard("香山", good, good);
});
after(() => town?.close());

const counted = async (query: string) =>
  (
    done(await assessor.get(`${base}/reasons?period=${PERIOD}&${query}`)) as {
      name: string;
      question: string;
      zh: string;
      n: number;
    }[]
  ).map((row) => `${row.name} ${row.question} ${row.zh} ${row.n}`);

test("why citizens said no is counted by question, unit and month, own callbacks and the city's apart", async () => {
  assert.deepEqual((await counted("by=month")).toSorted(), [
    "2026-11 satisfied 办理时间过长 1",
    "2026-11 satisfied 未记录原因 1",
    "2026-11 solved 其他说法 1",
    "2026-11 solved 处理后又出现 2",
  ]);
  assert.deepEqual((await counted("by=unit")).filter((row) => row.includes("solved")).toSorted(), [
    "清河 solved 其他说法 1",
    "清河 solved 处理后又出现 1",
    "香山 solved 处理后又出现 1",
  ]);
  assert.deepEqual((await counted("source=city")).toSorted(), [
    "清河 satisfied 其他说法 1",
    "清河 solved 处理后又出现 1",
  ]);
});

test("a count opens into exactly its tickets, with the words that were said", async () => {
  const unit = await town.unit("清河");
  const url = `${base}/reasons/tickets?period=${PERIOD}&question=solved&unit=${unit}`;
  const one = done(await assessor.get(`${url}&code=came-back`));
  assert.deepEqual(
    one.map((row: { ticketId: string; zh: string }) => [row.ticketId, row.zh]),
    [[cameBack, "处理后又出现"]],
  );
  const words = done(await assessor.get(`${url}&code=-words`));
  assert.deepEqual(
    words.map((row: { said: string; by: string }) => [row.said, row.by]),
    [["只修了一盏", "caller"]],
  );
  const month = done(
    await assessor.get(
      `${base}/reasons/tickets?period=${PERIOD}&question=solved&code=came-back&month=2026-11`,
    ),
  );
  assert.equal(month.length, 2);
});

test("the city's reason is one of the centre's list, or it is refused", async () => {
  const body = { outcome: "answered", answers: { solved: "no" }, reasons: { solved: "luck" } };
  assert.equal(refused(await assessor.move(cameBack, "cityResult", body), 422), "reason-unknown");
});

test("a caller's accuracy opens into the pairs that it counts, those that agree and those that do not", async () => {
  const [caller] = done(await assessor.get(`${base}/accuracy?period=${PERIOD}&by=caller`));
  assert.deepEqual([caller.pairs, caller.agreed], [3, 2]);
  const of = async (which: string, by = "caller", key: string = caller.key) =>
    done(await assessor.get(`${base}/pairs?period=${PERIOD}&by=${by}&key=${key}&which=${which}`));
  assert.equal((await of("all")).length, caller.pairs);
  assert.equal((await of("agreed")).length, caller.agreed);
  const [differing, ...none] = await of("differing");
  assert.deepEqual([differing.own.solved, differing.city.solved, none], ["partly", "yes", []]);
  assert.equal((await of("all", "unit", await town.unit("香山"))).length, 1);
  assert.equal((await of("all", "month", "2026-11")).length, 3);
  const handler = await town.as("handler", "清河");
  assert.equal(refused(await handler.get(`${base}/reasons?period=${PERIOD}`), 403), "not-allowed");
});
