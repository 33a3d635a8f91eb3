/** 读检查清单. A file of checks, read and every fault of it told with its place. */
import {
  dayIn,
  type Fields,
  fieldsOf,
  listOf,
  type Parsed,
  parsed,
  type Say,
  wordsOf,
} from "../rules/problem.ts";
import {
  type AnswerRules,
  CHECK_KEYS,
  type CheckKey,
  type ChecklistVersion,
  type CheckRule,
  type CopyRules,
  GUARDED,
  type GuardedStep,
  type GuardWords,
  isGuarded,
  type Severity,
  type WithdrawGround,
} from "./checklist.ts";

export function parseChecklist(input: unknown): Parsed<ChecklistVersion> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(
      top.body,
      "body",
      ["overrideHours", "checks", "withdraw", "words", "answer", "copy"],
      say,
    );
    const checks = listOf(body.checks, "body.checks", say).map((each, at) =>
      checkIn(each, `body.checks[${at}]`, say),
    );
    if (new Set(checks.map((each) => each.key)).size < checks.length) say("body.checks", "检查项重复");
    const withdraw = fieldsOf(
      body.withdraw,
      "body.withdraw",
      ["windowHours", "sameGroundPercent", "evidenceWords", "grounds"],
      say,
    );
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        overrideHours: whole(body.overrideHours, "body.overrideHours", 720, say),
        checks,
        withdraw: {
          windowHours: whole(withdraw.windowHours, "body.withdraw.windowHours", 720, say),
          sameGroundPercent: whole(withdraw.sameGroundPercent, "body.withdraw.sameGroundPercent", 100, say),
          evidenceWords: phrases(withdraw, "body.withdraw", "evidenceWords", say),
          grounds: listOf(withdraw.grounds, "body.withdraw.grounds", say).map((each, at) =>
            groundIn(each, `body.withdraw.grounds[${at}]`, say),
          ),
        },
        words: wordsIn(body.words, say),
        answer: answerIn(body.answer, say),
        copy: copyIn(body.copy, say),
      },
    };
  });
}

function checkIn(input: unknown, path: string, say: Say): CheckRule {
  const read = fieldsOf(input, path, ["key", "name", "reads", "remedy", "steps"], say);
  const key = CHECK_KEYS.find((each) => each === read.key);
  if (key === undefined) say(`${path}.key`, "没有这一检查项");
  const steps = fieldsOf(read.steps, `${path}.steps`, Object.keys(GUARDED), say);
  const asked: { [S in GuardedStep]?: Severity } = {};
  for (const [step, severity] of Object.entries(steps)) {
    if (severity !== "stops" && severity !== "warns") say(`${path}.steps.${step}`, "应为 stops 或 warns");
    else if (isGuarded(step)) asked[step] = severity;
  }
  return {
    key: key ?? ("fields" satisfies CheckKey),
    name: wordsOf(read.name, `${path}.name`, say),
    reads: wordsOf(read.reads, `${path}.reads`, say),
    remedy: wordsOf(read.remedy, `${path}.remedy`, say),
    steps: asked,
  };
}

function groundIn(input: unknown, path: string, say: Say): WithdrawGround {
  const read = fieldsOf(input, path, ["code", "name", "words", "evidence", "required"], say);
  if (typeof read.required !== "boolean") say(`${path}.required`, "应为 true 或 false");
  return {
    code: wordsOf(read.code, `${path}.code`, say),
    name: wordsOf(read.name, `${path}.name`, say),
    words: phrases(read, path, "words", say),
    evidence: wordsOf(read.evidence, `${path}.evidence`, say),
    required: read.required === true,
  };
}

const LISTS = [
  ...[
    "emptyPhrases",
    "fillers",
    "acts",
    "steps",
    "general",
    "doneMarks",
    "doneTails",
    "pending",
    "undertakings",
    "pendingBut",
    "needs",
    "not",
    "notBut",
  ],
  ...["unsolved", "happy", "unhappy", "restating", "contacting", "sameMatter"],
] as const;

function wordsIn(input: unknown, say: Say): GuardWords {
  const at = "body.words";
  const known = ["leastContent", "shortest", "long", ...LISTS, "notOurs", "forbidden", "mustSay"];
  const read = fieldsOf(input, at, known, say);
  const list = (name: string) => phrases(read, at, name, say);
  const notOurs = fieldsOf(read.notOurs, `${at}.notOurs`, ["not", "of"], say);
  return {
    leastContent: whole(read.leastContent, `${at}.leastContent`, 100, say),
    shortest: whole(read.shortest, `${at}.shortest`, 1000, say),
    long: whole(read.long, `${at}.long`, 20_000, say),
    emptyPhrases: list("emptyPhrases"),
    fillers: list("fillers"),
    acts: list("acts"),
    steps: list("steps"),
    general: list("general"),
    doneMarks: list("doneMarks"),
    doneTails: list("doneTails"),
    pending: list("pending"),
    undertakings: list("undertakings"),
    pendingBut: list("pendingBut"),
    needs: list("needs"),
    not: list("not"),
    notBut: list("notBut"),
    unsolved: list("unsolved"),
    notOurs: {
      not: phrases(notOurs, `${at}.notOurs`, "not", say),
      of: phrases(notOurs, `${at}.notOurs`, "of", say),
    },
    happy: list("happy"),
    unhappy: list("unhappy"),
    restating: list("restating"),
    contacting: list("contacting"),
    sameMatter: list("sameMatter"),
    forbidden: listOf(read.forbidden, `${at}.forbidden`, say).map((each, n) => {
      const path = `${at}.forbidden[${n}]`;
      const one = fieldsOf(each, path, ["words", "better"], say);
      return { words: phrases(one, path, "words", say), better: wordsOf(one.better, `${path}.better`, say) };
    }),
    mustSay: listOf(read.mustSay, `${at}.mustSay`, say).map((each, n) => {
      const path = `${at}.mustSay[${n}]`;
      const one = fieldsOf(each, path, ["name", "outcomes", "words"], say);
      return {
        name: wordsOf(one.name, `${path}.name`, say),
        outcomes: phrases(one, path, "outcomes", say),
        words: phrases(one, path, "words", say),
      };
    }),
  };
}

function answerIn(input: unknown, say: Say): AnswerRules {
  const at = "body.answer";
  const read = fieldsOf(input, at, ["leastSigns", "leastShared", "stock", "matters"], say);
  return {
    leastSigns: whole(read.leastSigns, `${at}.leastSigns`, 1000, say),
    leastShared: whole(read.leastShared, `${at}.leastShared`, 100, say),
    stock: phrases(read, at, "stock", say),
    matters: listOf(read.matters, `${at}.matters`, say).map((each, n) => {
      const path = `${at}.matters[${n}]`;
      const one = fieldsOf(each, path, ["name", "words"], say);
      return { name: wordsOf(one.name, `${path}.name`, say), words: phrases(one, path, "words", say) };
    }),
  };
}

function copyIn(input: unknown, say: Say): CopyRules {
  const read = fieldsOf(input, "body.copy", ["days", "looked", "leastPercent", "leastSigns"], say);
  return {
    days: whole(read.days, "body.copy.days", 366, say),
    looked: whole(read.looked, "body.copy.looked", 1000, say),
    leastPercent: whole(read.leastPercent, "body.copy.leastPercent", 100, say),
    leastSigns: whole(read.leastSigns, "body.copy.leastSigns", 1000, say),
  };
}

function phrases(read: Fields, path: string, name: string, say: Say): readonly string[] {
  const at = `${path}.${name}`;
  const all = listOf(read[name], at, say).map((word, n) => wordsOf(word, `${at}[${n}]`, say));
  if (all.length === 0) say(at, "不能为空");
  return all;
}

function whole(input: unknown, path: string, most: number, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 1 && input <= most) return input;
  say(path, `应为 1 到 ${most} 的整数`);
  return 1;
}
